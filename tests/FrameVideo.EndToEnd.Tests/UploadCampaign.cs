using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Xunit.Abstractions;

namespace FrameVideo.EndToEnd.Tests;

/// <summary>
/// Two hundred uploads of 20 MB, sixteen at a time: FrameService beside a bare loop that also hashes and spools, against the same server, in turns. In the normal run a
/// small slice, without figures to hold.
/// </summary>
[Needs(TestServers.S3)]
[Trait("Campaign", "uploads")]
public sealed class UploadCampaign(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int AtATime = 16;
    private const int PictureBytes = 20_000_000;
    private const double MaxGrowth = 96;
    private const double MinRatio = 0.8;
    private static readonly int Rounds = Campaign.IsLong ? 4 : 1;
    private static readonly int PerRound = Campaign.IsLong ? 50 : AtATime;

    private readonly TempFolder _data = new();
    private readonly LargePictures _pictures = new(PictureBytes);
    private OwnS3 _server = null!;
    private TestBucket _bucket = null!;
    private ServiceProcess _service = null!;

    public async Task InitializeAsync()
    {
        // Of its own: four gigabytes pass through its memory.
        _server = await OwnS3.StartAsync();
        _bucket = await _server.NewBucketAsync();
        var settings = _bucket.Settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value, StringComparer.Ordinal);
        settings["Data__Folder"] = _data.Combine("data");
        _service = new ServiceProcess("FrameService", _data.Combine("frames.log"), settings);
        await _service.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _bucket.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _data.Dispose();

    [ServerFact]
    public async Task Large_uploads_take_little_memory_and_are_nearly_as_fast_as_a_bare_loop()
    {
        using var http = Http.Client(_service.Address);
        using var bare = new AmazonS3Client(new BasicAWSCredentials(_bucket.AccessKey, _bucket.SecretKey), new AmazonS3Config
        {
            ServiceURL = _bucket.Endpoint.ToString(),
            AuthenticationRegion = _bucket.Region,
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });

        // Both warm, one at a time; then the service is at rest.
        for (var i = 0; i < 2; i++)
        {
            await ThroughServiceAsync(http, RequestId.New(TimeProvider.System), 1, i);
            await ThroughBareAsync(bare, "warm", i);
        }

        await EmptyAsync(bare);
        var idle = ResidentMegabytes();
        using var watching = new CancellationTokenSource();
        var peak = WatchAsync(watching.Token);
        var (service, loop) = (new List<double>(), new List<double>());
        // The first round is the S3 server's own warming, whose memory has never been touched before: it counts for the service's memory alone.
        for (var round = Campaign.IsLong ? -1 : 0; round < Rounds; round++)
        {
            var id = RequestId.New(TimeProvider.System);
            var first = (round + 1) * PerRound;
            async Task Service() => service.Add(await RateAsync(i => ThroughServiceAsync(http, id, i + 1, first + i)));
            async Task Loop() => loop.Add(await RateAsync(i => ThroughBareAsync(bare, id.ToString(), first + i)));
            foreach (var side in int.IsEvenInteger(round) ? new[] { Service, Loop } : [Loop, Service])
            {
                await side();
                await EmptyAsync(bare);
            }

            if (round >= 0) continue;
            service.Clear();
            loop.Clear();
        }

        await watching.CancelAsync();
        var growth = await peak - idle;
        var ratio = service.Sum() / loop.Sum();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"service MB/s: {string.Join(' ', service.Select(rate => $"{rate:F0}"))}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bare    MB/s: {string.Join(' ', loop.Select(rate => $"{rate:F0}"))}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {ratio:F2} (at least {MinRatio}); memory: idle {idle:F0} MiB, at most {growth:F0} MiB more (allowed {MaxGrowth})"));
        if (!Campaign.IsLong) return;
        Assert.InRange(growth, double.NegativeInfinity, MaxGrowth);
        Assert.InRange(ratio, MinRatio, double.PositiveInfinity);
    }

    private static async Task<double> RateAsync(Func<int, Task> upload)
    {
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, PerRound), new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (i, _) => await upload(i));
        return PerRound * (PictureBytes / 1e6) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private async Task ThroughServiceAsync(HttpClient http, RequestId id, int frame, int picture)
    {
        using var body = _pictures.Body(picture);
        using var answer = await http.PutAsync($"/v1/sessions/{id}/frames/{frame}", body);
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode != HttpStatusCode.Created || !text.Contains("\"stored\"", StringComparison.Ordinal))
            throw new InvalidDataException($"{answer.StatusCode}: {text}\n{string.Join('\n', _service.Log.Split('\n').Where(line => line.Contains(" warn ", StringComparison.Ordinal)).TakeLast(5))}");
    }

    /// <summary>What a service has to do at the least: take a stream, hash it, spool it, put it.</summary>
    private async Task ThroughBareAsync(AmazonS3Client bare, string folder, int picture)
    {
        var path = _data.Combine($"{folder}-{picture}");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, useAsync: true))
        {
            foreach (var piece in _pictures.Pieces(picture))
            {
                for (var rest = piece; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, buffer.Length)..])
                {
                    var part = rest[..Math.Min(rest.Length, buffer.Length)];
                    part.CopyTo(buffer);
                    hash.AppendData(buffer.AsSpan(0, part.Length));
                    await file.WriteAsync(buffer.AsMemory(0, part.Length));
                }
            }
        }

        await bare.PutObjectAsync(new PutObjectRequest { BucketName = _bucket.Name, Key = $"{folder}/{Convert.ToHexStringLower(hash.GetCurrentHash())}", FilePath = path, ContentType = "image/png" });
        File.Delete(path);
    }

    private async Task EmptyAsync(AmazonS3Client bare)
    {
        while (await bare.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _bucket.Name }) is { S3Objects: { Count: > 0 } objects })
            await bare.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = _bucket.Name, Objects = [.. objects.Select(found => new KeyVersion { Key = found.Key })] });
    }

    private async Task<double> WatchAsync(CancellationToken cancellationToken)
    {
        var peak = 0.0;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken)) peak = Math.Max(peak, ResidentMegabytes());
        }
        catch (OperationCanceledException)
        {
            // The rounds are over.
        }

        return peak;
    }

    /// <summary>VmRSS of the service, MiB.</summary>
    private double ResidentMegabytes()
    {
        var line = File.ReadLines($"/proc/{_service.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
