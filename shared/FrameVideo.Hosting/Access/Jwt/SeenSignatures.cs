using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FrameVideo.Hosting;

/// <summary>
/// The signatures that were seen to hold with the keys in force, by the SHA-256 of the whole token. A client shows the same token with each request, and whether its signature holds depends on
/// the token and the keys alone: with other keys everything is checked anew. Its time, audience and scopes are looked at every time.
/// </summary>
internal sealed class SeenSignatures
{
    /// <summary>Past that many tokens all are forgotten.</summary>
    private const int Most = 10_000;

    private volatile Those _those = new(new object());

    /// <summary>Those of a set of keys, which is told from another by being another object.</summary>
    public Those With(object keys)
    {
        var those = _those;
        return ReferenceEquals(those.Keys, keys) && !those.IsFull ? those : _those = new Those(keys);
    }

    /// <summary>The signatures that hold with one set of keys.</summary>
    internal sealed class Those(object keys)
    {
        private readonly ConcurrentDictionary<(UInt128 First, UInt128 Second), byte> _tokens = [];
        private int _count;

        public object Keys => keys;

        public bool IsFull => _count >= Most;

        public bool Contain(string token) => _tokens.ContainsKey(HashOf(token));

        public void Add(string token)
        {
            if (_tokens.TryAdd(HashOf(token), 0)) Interlocked.Increment(ref _count);
        }

        private static (UInt128 First, UInt128 Second) HashOf(string token)
        {
            Span<UInt128> hash = stackalloc UInt128[2];
            SHA256.HashData(MemoryMarshal.AsBytes(token.AsSpan()), MemoryMarshal.AsBytes(hash));
            return (hash[0], hash[1]);
        }
    }
}
