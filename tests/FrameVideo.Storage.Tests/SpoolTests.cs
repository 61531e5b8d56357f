using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace FrameVideo.Storage.Tests;

public sealed class SpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Spool _spool;

    public SpoolTests() => _spool = new Spool(Options.Create(new SpoolOptions { Folder = _folder.In("sp"), MaxTotalBytes = 1 << 20 }));

    public void Dispose()
    {
        _spool.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300_000)]
    public async Task A_stream_is_written_counted_and_hashed(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        using var source = new MemoryStream(bytes);
        using var file = await _spool.WriteAsync(source, length, CancellationToken.None);
        Assert.Equal((length, TemporaryFolder.Sha256(bytes)), (file.Length, file.Sha256));
        for (var again = 0; again < 2; again++)
        {
            await using var read = file.OpenRead();
            var copy = new byte[length];
            await read.ReadExactlyAsync(copy);
            Assert.Equal(bytes, copy);
        }
    }

    [Fact]
    public async Task Memory_is_spooled_alike()
    {
        using var file = await _spool.WriteAsync(new byte[] { 0, 1, 2, 3 }.AsMemory(1, 2), CancellationToken.None);
        Assert.Equal(TemporaryFolder.Sha256([1, 2]), file.Sha256);
    }

    [Fact]
    public async Task Past_the_limit_nothing_is_read_on_and_nothing_stays()
    {
        using var endless = new Source(_ => 7);
        var refusal = await Assert.ThrowsAsync<SpoolTooLargeException>(() => _spool.WriteAsync(endless, 200_000, CancellationToken.None));
        Assert.Equal(200_000, refusal.MaxBytes);
        Assert.Equal(200_001, endless.Given);
        AssertEmpty();
    }

    [Fact]
    public async Task A_client_that_goes_away_is_told_as_it_is_and_nothing_stays()
    {
        using var broken = new Source(at => at < 100_000 ? (byte)1 : throw new IOException("reset"));
        var failure = await Assert.ThrowsAsync<IOException>(() => _spool.WriteAsync(broken, 1 << 19, CancellationToken.None));
        Assert.Equal("reset", failure.Message);
        AssertEmpty();
    }

    [Fact]
    public async Task A_canceled_write_leaves_nothing()
    {
        using var canceled = new CancellationTokenSource();
        using var source = new Source(at =>
        {
            if (at == 50_000) canceled.Cancel();
            return 1;
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _spool.WriteAsync(source, 1 << 19, canceled.Token));
        AssertEmpty();
    }

    [Fact]
    public async Task All_files_together_have_a_limit_which_disposing_frees()
    {
        var first = await _spool.WriteAsync(new byte[700_000], CancellationToken.None);
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => _spool.WriteAsync(new byte[700_000], CancellationToken.None));
        Assert.Equal(700_000, _spool.TotalBytes);
        first.Dispose();
        first.Dispose();
        using var second = await _spool.WriteAsync(new byte[700_000], CancellationToken.None);
        Assert.Equal(700_000, _spool.TotalBytes);
    }

    [Fact]
    public async Task A_disposed_file_is_gone()
    {
        (await _spool.WriteAsync(new byte[10], CancellationToken.None)).Dispose();
        AssertEmpty();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_an_outage()
    {
        await File.WriteAllTextAsync(_folder.In("file"), "");
        using var spool = new Spool(Options.Create(new SpoolOptions { Folder = _folder.In("file") }));
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => spool.WriteAsync(new byte[1], CancellationToken.None));
    }

    private void AssertEmpty()
    {
        Assert.Equal(0, _spool.TotalBytes);
        Assert.Empty(Directory.GetFiles(_folder.In("sp"), "*.part", SearchOption.AllDirectories));
    }

    /// <summary>Bytes without end, made one by one and handed out in pieces.</summary>
    private sealed class Source(Func<long, byte> next) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = Math.Min(count, 10_000);
            for (var i = 0; i < count; i++) buffer[offset + i] = next(Given++);
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
