namespace FrameVideo.Contracts;

/// <summary>A folder of the layout, ending in a slash. Only <see cref="ObjectKeys"/> makes one, so listing or deleting by it stays within one user.</summary>
public readonly struct ObjectPrefix : IEquatable<ObjectPrefix>
{
    private readonly string? _text;

    internal ObjectPrefix(string text) => _text = text;

    /// <summary>Whether this is the default value, which no store accepts.</summary>
    public bool IsEmpty => _text is null;

    /// <summary>Whether the key lies in this folder.</summary>
    public bool Contains(ObjectKey key) => _text is not null && key.ToString().StartsWith(_text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public bool Equals(ObjectPrefix other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ObjectPrefix other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? 0 : string.GetHashCode(_text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    /// <summary>Whether both name the same folder.</summary>
    public static bool operator ==(ObjectPrefix left, ObjectPrefix right) => left.Equals(right);

    /// <summary>Whether the two name different folders.</summary>
    public static bool operator !=(ObjectPrefix left, ObjectPrefix right) => !left.Equals(right);
}
