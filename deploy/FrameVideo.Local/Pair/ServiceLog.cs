namespace FrameVideo.Local.Pair;

/// <summary>
/// One service's log file, bounded: when it is full it becomes <c>&lt;name&gt;.1.log</c>, in place of an older one. A full disk costs lines and nothing else.
/// </summary>
internal sealed class ServiceLog : IDisposable
{
    private const long MostBytes = 16L << 20;
    private const int Remembered = 100;

    private readonly Lock _lock = new();
    private readonly Queue<string> _last = new();
    private readonly string _folder;
    private readonly string _name;
    private StreamWriter? _writer;

    public ServiceLog(string folder, string name)
    {
        (_folder, _name) = (folder, name);
        Directory.CreateDirectory(folder);
        _writer = Open();
    }

    public string FullPath => Path.Combine(_folder, $"{_name}.log");

    public void Add(string? line)
    {
        if (line is null) return;
        lock (_lock)
        {
            _last.Enqueue(line);
            if (_last.Count > Remembered) _last.Dequeue();
            try
            {
                if (_writer?.BaseStream.Length > MostBytes)
                {
                    _writer.Dispose();
                    _writer = Open();
                }

                _writer?.WriteLine(line);
            }
            catch (IOException)
            {
                // The services say themselves, over their API, that the disk is full.
            }
        }
    }

    /// <summary>Whether a remembered line has these words.</summary>
    public bool Mentions(string words)
    {
        lock (_lock) return _last.Any(line => line.Contains(words, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What stands after these words in the last remembered line that has them; null where none has.</summary>
    public string? After(string words)
    {
        lock (_lock) return _last.LastOrDefault(line => line.Contains(words, StringComparison.Ordinal)) is { } line ? line[(line.IndexOf(words, StringComparison.Ordinal) + words.Length)..].Trim() : null;
    }

    /// <summary>The last line that tells a person something; null where there is none.</summary>
    public string? LastWords()
    {
        lock (_lock) return LogLines.Tell(_last);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            try
            {
                _writer?.Dispose();
            }
            catch (IOException)
            {
                // As in Add.
            }

            _writer = null;
        }
    }

    private StreamWriter? Open()
    {
        try
        {
            var file = new FileInfo(FullPath);
            if (file.Exists && file.Length > MostBytes / 2) file.MoveTo(Path.Combine(_folder, $"{_name}.1.log"), overwrite: true);
            return new StreamWriter(new FileStream(FullPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        }
        catch (IOException)
        {
            return null;
        }
    }
}
