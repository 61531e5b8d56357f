using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace FrameVideo.Api.Tests.Isolation;

/// <summary>Every operation of both services, asked by everybody who has no business with it, with another's ID in every place that takes one.</summary>
public abstract class MatrixTests(World world, ITestOutputHelper output)
{
    [ServerFact]
    public void Every_operation_is_in_the_matrix()
    {
        foreach (var (app, known) in new[] { (world.Frames, Operations.OfFrames), (world.Videos, Operations.OfVideos) })
        {
            var mapped = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}"))
                .Where(operation => !operation.StartsWith("HEAD ", StringComparison.Ordinal)).Except(Operations.Public);
            Assert.Equal(mapped.Distinct().Order(StringComparer.Ordinal), known.Select(operation => operation.ToString()).Order(StringComparer.Ordinal));
        }
    }

    [ServerFact]
    public async Task Nothing_of_annas_is_seen_or_changed_by_anybody_else()
    {
        var matrix = new Matrix(world);
        foreach (var (app, operation) in Operations.OfFrames.Select(operation => (world.Frames, operation)).Concat(Operations.OfVideos.Select(operation => (world.Videos, operation))))
        {
            if (operation.IsByToken) await ByTokenAsync(matrix, app, operation);
            else await ByKeyAsync(matrix, app, operation);
            await matrix.UnchangedAsync($"after {operation}", atOnce: true);
        }

        await matrix.EndAsync(output);
    }

    [ServerFact]
    public async Task Nothing_of_annas_is_reached_by_a_place_in_a_body_or_a_query()
    {
        var matrix = new Matrix(world);
        await Places.UsersInBodiesAsync(matrix, world);
        await Places.AddressesAsync(matrix, world);
        await Places.SoundsAsync(matrix, world);
        await Places.FoldersAsync(matrix, world);
        await Places.ListsAsync(matrix, world);
        await Places.IdempotencyKeysAsync(matrix, world);
        await matrix.EndAsync(output);
    }

    private async Task ByKeyAsync(Matrix matrix, RunningApp app, Operation operation)
    {
        var (anna, berta) = (world.Anna, world.Berta);
        foreach (var caller in world.Strangers) await HiddenAsync(matrix, app, operation, caller);
        // Reading takes no more than that; writing is refused before anything is looked up.
        if (operation is { IsRead: false, TakesAnyScope: false }) await matrix.HiddenAsync($"reader: {operation}", app, "reader", operation.For, anna, ErrorCodes.InsufficientScope);
        else await HiddenAsync(matrix, app, operation, "reader");

        // Named users.
        var plain = operation.For(anna);
        await matrix.AnsweredAsync($"berta, X-User-Id: {operation}", app, "berta", With(operation.For(anna), ("X-User-Id", anna.User)), [403], ErrorCodes.UserMismatch);
        await matrix.AnsweredAsync($"berta, ?userId: {operation}", app, "berta", operation.To(AndQuery(plain.RequestUri!.ToString(), $"userId={anna.User}"), anna, withQuery: false), [403], ErrorCodes.UserMismatch);
        await matrix.AnsweredAsync($"backend, two users: {operation}", app, "backend", With(operation.To(AndQuery(plain.RequestUri!.ToString(), $"userId={anna.User}"), anna, withQuery: false), ("X-User-Id", berta.User)), [403], ErrorCodes.UserMismatch);

        // What would be hers, if it held.
        foreach (var (shown, code) in world.Void) await matrix.HiddenAsync($"{shown}: {operation}", app, shown, operation.For, anna, code);

        // Nobody, and whoever has found a link to something else.
        await matrix.HiddenAsync($"nobody: {operation}", app, null, operation.For, anna, ErrorCodes.Unauthorized);
        if (!operation.Pattern.EndsWith("/events", StringComparison.Ordinal) || app == world.Videos)
            await matrix.AnsweredAsync($"link token: {operation}", app, null, operation.To(AndQuery(plain.RequestUri!.ToString(), anna.EventsLink.Split('?')[1]), anna, withQuery: false), [operation.IsRead ? 403 : 401], operation.IsRead ? ErrorCodes.InvalidToken : ErrorCodes.Unauthorized);

        // Whoever has a token for one request ID of berta's has nothing of her others either.
        foreach (var target in new[] { anna, world.BertasShared })
        {
            await matrix.RefusedAsync($"request token: {operation} of {target.User}", app, "token", operation.For, target);
            if (operation.IsRead) await matrix.RefusedAsync($"request token in the query: {operation} of {target.User}", app, null, names => operation.To(AndQuery(operation.For(names).RequestUri!.ToString(), $"token={world.KeyOf("token")}"), names, withQuery: false), target);
        }

        // Its own is found, so that the cells above mean something.
        if (operation.IsHarmless) await matrix.AnsweredAsync($"own: {operation}", app, "berta", operation.For(berta), operation.Own);
    }

    private async Task HiddenAsync(Matrix matrix, RunningApp app, Operation operation, string caller)
    {
        var name = $"{caller}: {operation}";
        var (anna, shared) = (world.Anna, world.AnnasShared);
        if (operation.NamesUser)
        {
            // An administrator may erase whom it will: that is no cell.
            if (caller != "admin") await matrix.HiddenAsync(name, app, caller, operation.For, anna, ErrorCodes.UserMismatch);
            return;
        }

        if (operation.Hidden is not { } code)
        {
            // What makes something under the same ID makes its own.
            if (operation.IsHarmless) await matrix.AnsweredAsync(name, app, caller, operation.For(shared with { User = world.Berta.User }), operation.Own);
            else await matrix.AnsweredAsync(name, app, caller, operation.For(anna), operation.Own);
            return;
        }

        (string Header, string Value)[] headers =
        [
            ("Accept", "*/*"), ("Accept", "application/json"), ("Accept", "text/event-stream"), ("If-None-Match", "*"), ("If-None-Match", "\"1\""), ("If-Match", "\"1\""), ("Last-Event-ID", "1"),
            ("Range", "bytes=0-9"), ("X-Request-Id", anna.Request), ("X-Correlation-Id", "of-berta"), ("Idempotency-Key", anna.IdempotencyKey), ("X-HTTP-Method-Override", "GET"), ("X-Original-URL", $"/v1/sessions/{anna.Request}"),
            ("X-Forwarded-User", anna.User), ("Cookie", $"userId={anna.User}"),
        ];
        // Each header once; for the others those that might lead elsewhere.
        foreach (var (header, value) in caller == "berta" && world.IsThorough ? headers : headers.Where(header => header.Header is "If-None-Match" or "Idempotency-Key" or "X-Request-Id").DistinctBy(header => header.Header)) await matrix.HiddenAsync($"{name} with {header}: {value}", app, caller, names => With(operation.For(names), (header, value)), anna, code);
        if (operation.IsRead && operation.Pattern.EndsWith("/content", StringComparison.Ordinal))
            foreach (var variant in new[] { "film", "poster", "captions", "clip&clip=1", "hls", "nothing" }) await matrix.HiddenAsync($"{name}, {variant}", app, caller, names => operation.To($"{operation.PathFor(names)}?variant={variant}", names), anna, code);
        foreach (var spelling in caller == "berta" && world.IsThorough ? Spellings(operation, anna) : [])
            await matrix.AnsweredAsync($"{name} as {spelling}", app, caller, operation.To(spelling, anna), [400, 404, 405]);
    }

    /// <summary>Other ways in which somebody may write an ID, hoping that it means the same.</summary>
    private static IEnumerable<string> Spellings(Operation operation, Names names)
    {
        var (path, id) = (operation.PathFor(names), operation.Pattern.Contains("{videoId}", StringComparison.Ordinal) ? names.Video : names.Request);
        if (!path.Contains(id, StringComparison.Ordinal) || operation.Query is not null) return [];
        var (kind, digits, suffix) = (id.Split('_')[0], id.Split('_')[1], id.Split('_')[2]);
        string[] others =
        [
            id.ToUpperInvariant(), $"session_{digits}_{suffix}", $"{kind}-{digits}-{suffix}", $"{kind}_0{digits}_{suffix}", $"{kind}_+{digits}_{suffix}", $"{id}%20", $"{id}%00", $"%20{id}", $"{id}.", $"{id};a=b", $"{id}%2f", $"{id}%252f",
            $"./{id}", $"%2e/{id}", $"{names.User}%2f{id}", $"{names.User}/{id}", $"x/../{id}", $"{id}%2c{id}", $"{id}'", $"{id}'%20OR%20'1'='1", $"{id}%0a", "*", "%25", $"{id[..^1]}_", $"{id[..^1]}%25",
        ];
        return others.Select(other => path.Replace(id, other, StringComparison.Ordinal));
    }

    private async Task ByTokenAsync(Matrix matrix, RunningApp app, Operation operation)
    {
        var (anna, berta) = (world.Anna, world.Berta);
        foreach (var caller in new[] { null, "reader" }.Concat(world.Strangers))
        {
            var name = $"{caller ?? "nobody"}: {operation}";
            // Her object with berta's own token, with one of another object of hers, and with none.
            await matrix.HiddenAsync($"{name}, berta's token", app, caller, names => operation.To(operation.PathFor(names), names with { FrameLink = berta.FrameLink, FilmLink = berta.FilmLink }), anna, operation.Hidden!);
            await matrix.HiddenAsync($"{name}, another token of hers", app, caller, names => operation.To(operation.PathFor(names), names with { FrameLink = world.AnnasShared.FrameLink, FilmLink = anna.FrameLink }), anna, operation.Hidden!);
            await matrix.HiddenAsync($"{name}, the events' token", app, caller, names => operation.To(operation.PathFor(names), names with { FrameLink = anna.EventsLink, FilmLink = anna.EventsLink }), anna, operation.Hidden!);
            await matrix.HiddenAsync($"{name}, no token", app, caller, names => operation.To(operation.PathFor(names), names with { FrameLink = "", FilmLink = "" }), anna, operation.Hidden!);
            if (operation.Pattern.StartsWith("/internal", StringComparison.Ordinal))
            {
                foreach (var token in new[] { anna.EventsLink, berta.EventsLink, berta.FrameLink }.Where(link => link.Contains("token=", StringComparison.Ordinal)))
                    await matrix.HiddenAsync($"{name}, {token} as bearer", app, caller, names => With(operation.For(names), ("Authorization", $"Bearer {token.Split("token=")[1]}")), anna, operation.Hidden!);
            }
        }

        // On S3 links are presigned, and the proxies have no token to show.
        if (berta.FrameLink.Contains("token=", StringComparison.Ordinal)) await matrix.AnsweredAsync($"own: {operation}", app, null, operation.For(berta), operation.Own);
    }

    private static HttpRequestMessage With(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static string AndQuery(string path, string query) => path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + query;
}

/// <summary>On SQLite and a folder.</summary>
public sealed class EmbeddedMatrixTests(World world, ITestOutputHelper output) : MatrixTests(world, output), IClassFixture<World>;

/// <summary>On SQLite and a folder, where everybody comes from an identity provider.</summary>
[Trait("Campaign", "isolation")]
public sealed class TokenMatrixTests(TokenWorld world, ITestOutputHelper output) : MatrixTests(world, output), IClassFixture<TokenWorld>;

/// <summary>On PostgreSQL and S3.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
public sealed class ServersMatrixTests(ServersWorld world, ITestOutputHelper output) : MatrixTests(world, output), IClassFixture<ServersWorld>;
