using System.Globalization;
using System.Threading.RateLimiting;
using FrameVideo.Contracts;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>
/// Counts requests by who makes them: the user behind a key or a token, the user of a link, else the client's address. Each instance counts by itself. Answers bear <c>RateLimit</c> and
/// <c>RateLimit-Policy</c> (draft-ietf-httpapi-ratelimit-headers); what is too much is 429 <c>too-many-requests</c> with Retry-After.
/// </summary>
internal sealed class RateLimits : IDisposable
{
    private readonly LinkTokens _tokens;
    private readonly CallerQuota _reads;
    private readonly CallerQuota _writes;
    private readonly CallerQuota _uploads;
    private readonly CallerQuota _links;
    private readonly CallerQuota _unauthenticated;
    private readonly CallerQuota _failed;
    private readonly CallerSlots _requests;
    private readonly CallerSlots _concurrentUploads;

    public RateLimits(IOptions<RateLimitOptions> options, LinkTokens tokens)
    {
        var limits = options.Value;
        _tokens = tokens;
        (_reads, _writes, _uploads) = (new("reads", limits.Reads), new("writes", limits.Writes), new("uploads", limits.Uploads));
        (_links, _unauthenticated, _failed) = (new("links", limits.Links), new("unauthenticated", limits.Unauthenticated), new("failed-authentications", limits.FailedAuthentications));
        (_requests, _concurrentUploads) = (new("requests", limits.ConcurrentRequests), new("uploads", limits.ConcurrentUploads));
    }

    /// <summary>Stands before authentication: counts by address what does not say who it is, and what says so in vain.</summary>
    public async Task CountAddressAsync(HttpContext context, RequestDelegate next)
    {
        var address = AddressOf(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null || context.GetEndpoint() is null)
        {
            if (LinkUserOf(context.Request) is { } user) Count(context, _links, user);
            else Count(context, _unauthenticated, address);
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (ProblemException problem) when (context.Features.Get<Caller>() is null)
        {
            Count(context, _unauthenticated, address);
            // A link that has ended stands in a page, which cannot help it.
            if (!ShowsCredential(context.Request) || (problem.Code != ErrorCodes.InvalidApiKey && problem.Code != ErrorCodes.InvalidAccessToken)) throw;
            // What holds is let in all the same: whoever shares an address with somebody who guesses is not locked out, and no guess is ever right.
            if (!_failed.HasRoom(address)) throw Refusal(_failed, "Too many keys or tokens that do not hold have come from your address.");
            Spend(_failed, address);
            throw;
        }
    }

    /// <summary>Stands after authentication: counts by user what says who it is.</summary>
    public async Task CountCallerAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<Caller>() is not { } caller)
        {
            await next(context);
            return;
        }

        var request = context.Request;
        var who = caller.Known?.ToString() ?? CredentialOf(request);
        // A token of one request ID may stand where a link's does, and is a credential all the same.
        if (IsLink(request) && caller.Grant is null)
        {
            Count(context, _links, who);
            await next(context);
            return;
        }

        var isUpload = IsUpload(context);
        Count(context, isUpload ? _uploads : IsRead(request) ? _reads : _writes, who);
        if (IsRead(request) && context.GetEndpoint()?.Metadata.GetMetadata<EventStreamDocument>() is not null && request.Headers.Accept.ToString().Contains(EventStreamResult.MediaType, StringComparison.OrdinalIgnoreCase))
        {
            // Streams have a cap of their own.
            await next(context);
            return;
        }

        using var slot = _requests.Enter(who);
        using var upload = isUpload ? _concurrentUploads.Enter(who) : null;
        await next(context);
    }

    public void Dispose()
    {
        foreach (var quota in new[] { _reads, _writes, _uploads, _links, _unauthenticated, _failed }) quota.Dispose();
        _requests.Dispose();
        _concurrentUploads.Dispose();
    }

    private static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static bool IsLink(HttpRequest request) => IsRead(request) && request.Query["token"] is [{ Length: > 0 }];

    private static bool ShowsCredential(HttpRequest request) => request.Headers.Authorization.Count > 0 || request.Headers.ContainsKey("X-API-Key");

    /// <summary>A picture, or a body that is, or may be, larger than JSON usually is.</summary>
    private static bool IsUpload(HttpContext context) =>
        BodyLimits.Of(context.GetEndpoint()) is { } limit && (limit.Carried is not null || (limit.MaxRequestBodySize > BodyLimits.Json && (context.Request.ContentLength is null or > BodyLimits.Json)));

    /// <summary>The address, as a proxy that is known has told it. Whoever has one address of IPv6 has 2^64 of them.</summary>
    private static string AddressOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes, 0, bytes.Length == 16 ? 8 : bytes.Length);
    }

    /// <summary>A back end that has not said for whom it speaks counts for itself.</summary>
    private static string CredentialOf(HttpRequest request) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{request.Headers.Authorization}\n{request.Headers["X-API-Key"]}")), 0, 16);

    /// <summary>Whose link to an object it is; null where it is none that holds.</summary>
    private string? LinkUserOf(HttpRequest request)
    {
        if (!IsLink(request)) return null;
        var text = request.RouteValues["key"] as string ?? request.Query["key"].ToString();
        return ObjectKey.TryParse(text, out var key) && _tokens.TryVerify(request.Query["token"], LinkTokens.ResourceOf(key), out var user) ? user.ToString() : null;
    }

    private static void Count(HttpContext context, CallerQuota quota, string who)
    {
        if (quota.Quota == 0) return;
        var (isGranted, remaining) = quota.Take(who);
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{quota.Name}\";r={remaining};t={quota.Until(quota.Quota - remaining).TotalSeconds:F0}");
            headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{quota.Name}\";q={quota.Quota};w={CallerQuota.Window.TotalSeconds:F0}");
            return Task.CompletedTask;
        });
        if (!isGranted) throw Refusal(quota, $"{quota.Quota} requests a minute are taken of this kind ({quota.Name}).");
    }

    private static void Spend(CallerQuota quota, string who)
    {
        if (quota.Quota > 0) quota.Take(who);
    }

    private static ProblemException Refusal(CallerQuota quota, string what)
    {
        var after = quota.Until(1);
        return new ProblemException(ErrorCodes.TooManyRequests, string.Create(CultureInfo.InvariantCulture, $"{what} Come again in {after.TotalSeconds:F0} s.")) { RetryAfter = after };
    }

    /// <summary>Places for what one caller has under way at a time.</summary>
    private sealed class CallerSlots(string name, int most) : IDisposable
    {
        private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(1);

        // A place is taken by a request that is there, so there are no more callers than connections.
        private readonly PartitionedRateLimiter<string> _places = PartitionedRateLimiter.Create<string, string>(
            caller => RateLimitPartition.GetConcurrencyLimiter(caller, _ => new ConcurrencyLimiterOptions { PermitLimit = most, QueueLimit = 0 }), StringComparer.Ordinal);

        public RateLimitLease? Enter(string who)
        {
            if (most == 0) return null;
            var lease = _places.AttemptAcquire(who);
            if (lease.IsAcquired) return lease;
            lease.Dispose();
            throw new ProblemException(ErrorCodes.TooManyRequests, string.Create(CultureInfo.InvariantCulture, $"{most} {name} of yours are under way; begin the next one when one has ended.")) { RetryAfter = ComeAgain };
        }

        public void Dispose() => _places.Dispose();
    }
}
