using FrameService.Operations;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameService.Tests.Operations;

/// <summary>The former product's layouts, taken over.</summary>
public sealed class AdoptTests : IAsyncLifetime
{
    private readonly RunningFrameService _service = new();
    private readonly HashSet<string> _put = [];

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Former_layouts_become_sessions_and_doing_it_again_doubles_nothing()
    {
        byte[] one = Pictures.Png(colour: 0xff111111), two = Pictures.Jpeg(colour: 0xff222222), older = Pictures.Png(colour: 0xff333333), other = Pictures.Png(colour: 0xff444444);
        Put("ann/session_1700000000000_abc/reference-frames/generated_frame_1_1700000000500.png", one);
        Put("ann/session_1700000000000_abc/reference-frames/frame_2_1700000000600.png", two);
        Put("ann/session_1700000000000_abc/reference-frames/frame_2_1700000000100.png", older);
        Put("ann/session_1700000000000_abc/user-uploads/My Holiday.png", other);
        Put("ann/session_1700000000000_abc/reference-frames/frame_3_1700000000700.png", "no picture at all"u8.ToArray());
        Put("ann/req-1700000000001-xyz/reference-frames/frame_1_1700000000500.png", one);
        Put("reference-frames/bob/frame_1_1700000000500.png", one);
        Put("user-uploads/bob/face.png", other);
        Put("carl/req_1700000000002_old/reference-frames/generated_frame_1_1700000000500.png", two);
        Put("ann/notes.txt", "left"u8.ToArray());

        var dry = await RunAsync("adopt", "--all", "--dry-run");
        Assert.Contains("dry run: 4 sessions adopted, 0 already adopted, 7 pictures copied, 1 older pictures kept as uploads, 1 unreadable, 0 refused, 1 left, 1 recovered", dry, StringComparison.Ordinal);
        Assert.Equal(_put, Objects());

        Assert.Contains("7 pictures copied", await RunAsync("adopt", "--all"), StringComparison.Ordinal);
        var lying = Objects();
        Assert.Superset(_put, lying);
        var adopted = await SessionAsync("ann", "req_1700000000000_abc");
        // The JPEG under a name that says PNG is a JPEG.
        Assert.Equal([(1, Pictures.Sha256(one), "image/png"), (2, Pictures.Sha256(two), "image/jpeg")], adopted.Frames!.Select(frame => (frame.Number, frame.Sha256!, frame.ContentType!)));
        Assert.Equal(("session_1700000000000_abc", 1700000000000), (adopted.Metadata![AdoptSession.Mark], adopted.CreatedAt.ToUnixTimeMilliseconds()));
        Assert.Contains(lying, name => name.Replace("%", "", StringComparison.Ordinal).StartsWith("ann/req_1700000000000_abc/user-uploads/my-holiday_", StringComparison.Ordinal));
        Assert.Contains(lying, name => name.StartsWith("ann/req_1700000000000_abc/user-uploads/frame_2_1700000000100_", StringComparison.Ordinal));
        Assert.Single((await SessionAsync("ann", "req_1700000000001_xyz")).Frames!);
        var bobs = FormerName.RootOf(UserId.Parse("bob")).ToString();
        Assert.Equal(Pictures.Sha256(one), Assert.Single((await SessionAsync("bob", bobs)).Frames!).Sha256);
        Assert.Contains(lying, name => name.StartsWith($"bob/{bobs}/user-uploads/face_", StringComparison.Ordinal));
        Assert.Equal("carl/req_1700000000002_old/reference-frames/generated_frame_1_1700000000500.png", (await SessionAsync("carl", "req_1700000000002_old")).Frames![0].ObjectKey.ToString());

        var again = await RunAsync("adopt", "--all");
        Assert.Contains("0 sessions adopted, 4 already adopted, 0 pictures copied", again, StringComparison.Ordinal);
        Assert.Equal(lying.Where(IsPicture), Objects().Where(IsPicture));
        Assert.Equal(adopted.FramesRevision, (await SessionAsync("ann", "req_1700000000000_abc")).FramesRevision);
    }

    [Fact]
    public async Task Two_sessions_that_would_become_one_are_never_merged()
    {
        var own = RequestId.Parse("req_1700000000000_abc");
        using var ann = _service.App.Client("ann");
        await ann.PutPictureAsync(own, 1, Pictures.Png()).ReadAsync<Frame>();
        Put("ann/session_1700000000000_abc/reference-frames/frame_1_1700000000500.png", Pictures.Png(colour: 0xff111111));
        Put("ann/session_1700000000009_two/reference-frames/frame_1_1700000000500.png", Pictures.Png(colour: 0xff222222));
        Put("ann/req-1700000000009-two/reference-frames/frame_1_1700000000500.png", Pictures.Png(colour: 0xff333333));
        var (code, said, _) = await TryAsync("adopt", "--user", "ann");
        Assert.Equal(1, code);
        Assert.Contains("refused ann/req_1700000000000_abc (from session_1700000000000_abc): there is another session", said, StringComparison.Ordinal);
        Assert.Contains("refused ann/req_1700000000009_two (from session_1700000000009_two)", said, StringComparison.Ordinal);
        Assert.Contains("1 sessions adopted", said, StringComparison.Ordinal);
        Assert.Single((await SessionAsync("ann", "req_1700000000000_abc")).Frames!);
    }

    [Theory]
    [InlineData("a/session_1_x/reference-frames/frame_7_1700000000000.png", "a", "req_1_x", 7)]
    [InlineData("a/req-1-x/reference-frames/generated_frame_12_1700000000000.jpeg", "a", "req_1_x", 12)]
    [InlineData("a/session_1_x/reference-frames/frame_0_1700000000000.png", "a", "req_1_x", 0)]
    [InlineData("a/session_1_x/reference-frames/cover.png", "a", "req_1_x", 0)]
    [InlineData("a/session_1_x/user-uploads/frame_1_1700000000000.png", "a", "req_1_x", 0)]
    [InlineData("reference-frames/a/session_1_x/frame_3.png", "a", "req_1_x", 3)]
    public void A_former_name_tells_its_place(string name, string user, string request, int number)
    {
        Assert.True(FormerName.TryParse(name, out var parsed));
        Assert.Equal((user, request, number), (parsed.UserId.ToString(), parsed.RequestId.ToString(), parsed.Number));
    }

    [Theory]
    [InlineData("a/req_1_x/reference-frames/frame_01_0123456789ab.png")]
    [InlineData("a/session_1_X/reference-frames/frame_1_1700000000000.png")]
    [InlineData("a/session_1_x/video-clips/clip.mp4")]
    [InlineData("reference-frames/../frame_1.png")]
    [InlineData("a/b/c/d")]
    [InlineData("")]
    public void Other_names_are_none_of_the_former_ones(string name) => Assert.False(FormerName.TryParse(name, out _));

    private void Put(string name, byte[] content)
    {
        var path = _service.Data.Combine("objects", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        _put.Add(name);
    }

    private HashSet<string> Objects()
    {
        var root = _service.Data.Combine("objects");
        return [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];
    }

    private static bool IsPicture(string name) => !name.EndsWith(".json", StringComparison.Ordinal);

    private async Task<Session> SessionAsync(string user, string id)
    {
        using var http = _service.App.Client(user);
        return await http.GetAsync<Session>($"/v1/sessions/{id}");
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, said, errors) = await TryAsync(arguments);
        Assert.True(code == 0, $"{code}: {said}{errors}");
        return said;
    }

    private Task<(int Code, string Said, string Errors)> TryAsync(params string[] arguments) => Command.RunAsync(_service.Data, arguments);
}
