using System.Text.RegularExpressions;
using FrameVideo.Api.Tests.Documents;

namespace FrameVideo.Api.Tests.Clients;

/// <summary>What the committed documents say can be called, so that an operation that no client calls is missed.</summary>
internal static class DocumentedOperations
{
    private static readonly string[] Methods = ["get", "put", "post", "patch", "delete", "head"];

    /// <summary>Every operation, as <c>service METHOD template</c>.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. ServiceDocuments.Services.SelectMany(service => ServiceDocuments.Read(service)["paths"]!.AsObject().Where(path => !IsOfNoClient(path.Key)).SelectMany(path =>
            path.Value!.AsObject().Where(member => Methods.Contains(member.Key)).Select(member => $"{service} {member.Key.ToUpperInvariant()} {path.Key}"))).Order(StringComparer.Ordinal)];

    /// <summary>The operation that a request was one of; the address itself where it was none.</summary>
    public static string Of(string service, string method, string path) =>
        All.Where(operation => operation.StartsWith($"{service} {method} ", StringComparison.Ordinal)).Where(operation => Matches(operation.Split(' ')[2], path))
            // An address that is written out wins over one with parameters.
            .OrderBy(operation => operation.Count(character => character == '{')).FirstOrDefault() ?? $"{service} {method} {path}";

    private static bool Matches(string template, string path) => Regex.IsMatch(path, "^" + Regex.Replace(Regex.Escape(template), @"\\\{[^}]+}", "[^/]+") + "$");

    /// <summary>Health is asked by load balancers, and the older proxies are the addresses of links that pages follow.</summary>
    private static bool IsOfNoClient(string path) => path.StartsWith("/health/", StringComparison.Ordinal) || path.StartsWith("/api/proxy_", StringComparison.Ordinal);
}
