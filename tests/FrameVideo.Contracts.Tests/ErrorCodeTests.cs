namespace FrameVideo.Contracts.Tests;

public sealed class ErrorCodeTests
{
    public static TheoryData<string> Codes => [.. ErrorCodes.All.Keys];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_is_kebab_case_with_a_title_that_is_a_sentence_and_a_sane_status(string code)
    {
        var entry = ErrorCodes.All[code];
        Assert.Equal(code, entry.Code);
        Assert.Matches("^[a-z]+(-[a-z]+)*$", code);
        Assert.Matches("^[A-Zf].*\\.$", entry.Title);
        Assert.Contains(entry.Status, new[] { 0, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 412, 413, 414, 415, 416, 422, 429, 431, 500, 503 });
        if (entry.Status is 408 or 429 or 503) Assert.True(entry.Retryable, "come again later is what this status says");
        if (entry.Status is 400 or 401 or 403 or 404 or 410 or 413 or 415) Assert.False(entry.Retryable, "the same request fails again");
    }

    [Fact]
    public void Every_field_of_the_table_stands_in_it_once()
    {
        var fields = typeof(ErrorCodes).GetFields().Where(field => field.FieldType == typeof(ErrorCode)).Select(field => (ErrorCode)field.GetValue(null)!).ToList();
        Assert.Equal(fields.Count, ErrorCodes.All.Count);
        Assert.Equal(fields.Count, fields.Select(entry => entry.Title).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("legacy-session-id", 400)]
    [InlineData("invalid-request-id", 400)]
    [InlineData("insufficient-credit", 402)]
    [InlineData("budget-exceeded", 402)]
    [InlineData("foreign-object", 403)]
    [InlineData("request-id-mismatch", 409)]
    [InlineData("frames-revision-changed", 409)]
    [InlineData("frames-not-ready", 409)]
    [InlineData("session-deleted", 410)]
    [InlineData("content-moderated", 422)]
    [InlineData("storage-unavailable", 503)]
    public void The_codes_that_the_contract_names_have_the_status_that_it_names(string code, int status) => Assert.Equal(status, ErrorCodes.All[code].Status);
}
