namespace FrameVideo.Hosting.Tests.Access;

public sealed class ApiKeyTests
{
    // Made once and written down: neither the form nor the checksum may drift, or every key that is out there ends.
    private const string Known = "fv_0123456789ABCDEFGHIJKLMNOPQRSTUV1ggZdL";

    [Fact]
    public void A_new_key_is_read_back_and_no_two_are_alike()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => ApiKey.New().Text).ToList();
        Assert.Equal(1000, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.All(keys, text =>
        {
            Assert.Matches("^fv_[0-9A-Za-z]{38}$", text);
            Assert.True(ApiKey.TryParse(text, out var key));
            Assert.Equal(text, key.Text);
        });
    }

    [Fact]
    public void The_checksum_is_the_CRC_32_of_the_random_part_in_base62()
    {
        Assert.True(ApiKey.TryParse(Known, out var key));
        Assert.Equal("sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Known))), key.Hash);
    }

    [Fact]
    public void A_key_with_any_one_character_changed_is_none()
    {
        for (var i = 0; i < Known.Length; i++)
        {
            foreach (var other in "0Zz_-é")
            {
                if (Known[i] != other) Assert.False(ApiKey.TryParse(Known[..i] + other + Known[(i + 1)..], out _), $"{other} at {i}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("fv_")]
    [InlineData("fv_short000000")]
    [InlineData("FV_0123456789ABCDEFGHIJKLMNOPQRSTUV1ggZdL")]
    [InlineData(" fv_0123456789ABCDEFGHIJKLMNOPQRSTUV1ggZdL")]
    [InlineData("fv_0123456789ABCDEFGHIJKLMNOPQRSTUV1ggZdL\n")]
    public void What_has_another_form_is_none(string text) => Assert.False(ApiKey.TryParse(text, out _));

    [Fact]
    public void A_text_of_any_length_is_refused_without_a_look_at_it_whole() => Assert.False(ApiKey.TryParse("fv_" + new string('a', 10_000_000), out _));

    [Fact]
    public void A_key_that_is_printed_by_accident_says_nothing() => Assert.Equal("fv_...", ApiKey.New().ToString());
}
