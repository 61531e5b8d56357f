namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>What people write into a field who want to be where they should not.</summary>
internal static class Hostile
{
    /// <summary>Names that lead out of a folder, or are none.</summary>
    public static readonly string[] Names =
    [
        "../secret.txt", "../../secret.txt", "../../../../../../../../etc/passwd", "..\\..\\secret.txt", "..", ".", "...", "....//....//secret.txt", "..;/secret.txt", "..%2fsecret.txt", "%2e%2e%2fsecret.txt", "%2e%2e/%2e%2e/secret.txt", "%252e%252e%252fsecret.txt", "..%5c..%5csecret.txt",
        "%c0%ae%c0%ae%c0%afsecret.txt", "%c0%ae%c0%ae/", "%e0%80%ae%e0%80%ae/", "%u002e%u002e/", "/etc/passwd", "//etc/passwd", "\\etc\\passwd", "C:\\Windows\\win.ini", "C:/Windows/win.ini", "c:", "\\\\host\\share\\x", "//host/share/x", "\\\\?\\C:\\x", "file:///etc/passwd", "x\0.png", "x%00.png", "x\u0001", "x.", "x ", " x", "x. .", "x/", "/x",
        "CON", "con.png", "NUL", "AUX.txt", "COM1", "LPT1.png", "CONIN$", "x:y", "x::$DATA", "x|y", "x*", "x?", "~", "~root", "$HOME", "%TEMP%", ".framevideo", ".tmp", ".tmp/x", "manifest.json", "frames.db", "link.key", "keys.json", ".lock", "reference-frames", "user-uploads", "video-clips",
        "\u2024\u2024/secret.txt", "\uff0e\uff0e\uff0fsecret.txt", "\u2215etc\u2215passwd", "..\u2215..\u2215secret.txt", "x\u202egnp", "\u200b", "\ufeff", "X", "\u0130", new('a', 4000), string.Concat(Enumerable.Repeat("../", 500)) + "secret.txt", string.Concat(Enumerable.Repeat("a/", 500)), "a\nb", "a\r\nb", "-rf", "--help", ";id", "|id", "`id`", "$(id)", "&", "'", "\"",
    ];

    /// <summary>Addresses of what is listening at a port of this machine, of a cloud's own hosts, or of no host at all.</summary>
    public static IEnumerable<string> Addresses(int port, string ownAddress, string frames, string videos)
    {
        string[] hosts =
        [
            "127.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.0.0.1.", "127.127.127.127", "localhost", "LOCALHOST", "localhost.", "a.localhost", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
            "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001::7f00:1]", "[fe80::1%25lo]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "169.254.169.254", "[::ffff:169.254.169.254]", "2852039166", "metadata.google.internal", "168.63.129.16", "100.100.100.200", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "198.18.0.1", "192.0.0.192",
            "\u2460\u2461\u2466.0.0.1", "127\u30020\u30020\u30021", "\uff11\uff12\uff17.0.0.1", "private.test", "mixed.test", "rebind.test", "mapped.test", "nothing.test", "127.0.0.1%2f.test", "127.0.0.1%00.test", ownAddress,
        ];
        foreach (var host in hosts)
        {
            yield return $"http://{host}:{port}/canary.png";
            yield return $"https://{host}:{port}/canary.png";
        }

        string[] others =
        [
            "http://example.org@127.0.0.1:{0}/", "http://user:pass@127.0.0.1:{0}/", "http://127.0.0.1:{0}#@example.org/", "http://127.0.0.1:{0}\\@example.org/", "http://example.org\\@127.0.0.1:{0}/", "http:\\\\127.0.0.1:{0}\\", "http:/127.0.0.1:{0}/", "http:127.0.0.1:{0}/", "http:///127.0.0.1:{0}/", "//127.0.0.1:{0}/", "\\\\127.0.0.1:{0}\\x", "hTTp://127.0.0.1:{0}/",
            " http://127.0.0.1:{0}/", "http://127.0.0.1:{0}/ ", "\thttp://127.0.0.1:{0}/", "ht\ttp://127.0.0.1:{0}/", "http://127.0.0.1:{0}/\r\nX: y", "http://127.0.0.1:{0}/%0d%0aX:%20y", "http://127.0.0.1:{0}/?x=y#z", "http://public.test:{0}/redirect", "http://public.test:{0}/redirect307", "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "gopher://127.0.0.1:{0}/_x",
            "ftp://127.0.0.1:{0}/x", "dict://127.0.0.1:{0}/x", "ldap://127.0.0.1:{0}/x", "jar:http://127.0.0.1:{0}/!/x", "unix:///var/run/docker.sock", "http+unix://%2Fvar%2Frun%2Fdocker.sock/x", "ws://127.0.0.1:{0}/", "netdoc:///etc/passwd", "javascript:alert(1)", "data:text/plain,x", "data:image/png;base64,!!!!", "data:image/svg+xml;base64,PHN2Zy8+", "data:",
            "blob:http://127.0.0.1:{0}/x", "about:blank", "view-source:http://127.0.0.1:{0}/", "http://", "http://[", "http://[::1", "http://:80/", "http://.", "://127.0.0.1:{0}/", "127.0.0.1:{0}/x", "localhost:{0}/x",
        ];
        foreach (var other in others) yield return string.Format(null, other, port);
        foreach (var service in new[] { frames, videos })
        {
            foreach (var path in new[] { "/internal/deletions", "/health/ready", "/openapi/v1.json", "/v1/sessions?userId=anna", "/v1/sessions" }) yield return service + path;
        }
    }
}
