namespace FrameVideo.Hosting;

/// <summary>
/// How much may be on its way at a time. A host begins with two, gets twice as much with each answer, and one alone after a silence; all hosts that have not answered lately
/// share half of the whole. So hosts that hang, however many somebody names, leave room for those that answer.
/// </summary>
internal sealed class HostSlots(int total, int perHost)
{
    private const int Remembered = 10_000;

    private readonly Lock _turn = new();
    private readonly Dictionary<string, Host> _hosts = new(StringComparer.Ordinal);
    private int _busy;
    private int _doubtful;

    /// <summary>Takes up to as many places for a host as it may have now; answers how many.</summary>
    public int Take(string name)
    {
        lock (_turn)
        {
            var host = _hosts.GetValueOrDefault(name) ?? Remember(name);
            var free = Math.Min(host.Allowance - host.Busy, total - _busy);
            if (!host.Answers) free = Math.Min(free, (total / 2) - _doubtful);
            free = Math.Max(0, free);
            Change(host, () => host.Busy += free);
            return free;
        }
    }

    /// <summary>Gives places back that were not used.</summary>
    public void Return(string name, int count)
    {
        lock (_turn) Change(_hosts[name], () => _hosts[name].Busy -= count);
    }

    /// <summary>Gives one place back after an attempt.</summary>
    public void Return(string name, bool answered)
    {
        lock (_turn)
        {
            var host = _hosts[name];
            Change(host, () =>
            {
                host.Busy--;
                host.Answers = answered;
                host.Allowance = answered ? Math.Min(perHost, host.Allowance * 2) : 1;
            });
        }
    }

    private Host Remember(string name)
    {
        if (_hosts.Count >= Remembered)
        {
            foreach (var idle in _hosts.Where(pair => pair.Value.Busy == 0).Select(pair => pair.Key).ToList()) _hosts.Remove(idle);
        }

        return _hosts[name] = new Host { Allowance = Math.Min(2, perHost) };
    }

    private void Change(Host host, Action change)
    {
        _busy -= host.Busy;
        if (!host.Answers) _doubtful -= host.Busy;
        change();
        _busy += host.Busy;
        if (!host.Answers) _doubtful += host.Busy;
    }

    private sealed class Host
    {
        public int Busy { get; set; }

        public int Allowance { get; set; }

        public bool Answers { get; set; }
    }
}
