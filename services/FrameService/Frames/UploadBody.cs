using FrameVideo.Contracts;
using FrameVideo.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FrameService.Frames;

/// <summary>The picture or sound in a request's body, raw or as a part of a form; streamed, never buffered.</summary>
/// <param name="Stream">Its bytes.</param>
/// <param name="FileName">The name that the form gives.</param>
/// <param name="Fields">The form's fields that come before it.</param>
internal sealed record UploadBody(Stream Stream, string? FileName, IReadOnlyDictionary<string, string> Fields) : IAsyncDisposable
{
    private const int MaxParts = 20;
    private static readonly Dictionary<string, string> None = [];

    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <param name="part">What the form's part may be called, beside <c>file</c>.</param>
    /// <param name="what">What is in it, in a word.</param>
    /// <exception cref="ProblemException">The form has no such part, or is damaged.</exception>
    public static async Task<UploadBody> OpenAsync(HttpRequest request, CancellationToken cancellationToken, string part = "image", string what = "picture")
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            // Before the database and the store are asked for anything.
            await BodyStart.WaitAsync(request, cancellationToken);
            return new UploadBody(request.BodyReader.AsStream(leaveOpen: true), null, None);
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > 70) throw new ProblemException(ErrorCodes.InvalidRequest, "The form has no boundary.");
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var reader = new MultipartReader(boundary, request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4096 };
            for (var parts = 0; parts <= MaxParts && await reader.ReadNextSectionAsync(cancellationToken) is { } section; parts++)
            {
                if (section.GetContentDispositionHeader() is not { } disposition) continue;
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
                if (name == part || name == "file")
                    return new UploadBody(
                        new TellingStream(section.Body, ErrorCodes.InvalidRequest, $"The form is damaged: it breaks off in the {what}.", cancellationToken),
                        HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString(), fields);
                fields[name] = await ReadFieldAsync(section, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new ProblemException(ErrorCodes.InvalidRequest, "The form is damaged.", inner: exception);
        }

        throw new ProblemException(ErrorCodes.InvalidRequest, $"The form has no part '{part}' or 'file' with a {what}.");
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    private static async Task<string> ReadFieldAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        var buffer = new byte[8192];
        var length = await section.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length == buffer.Length ? throw new ProblemException(ErrorCodes.InvalidRequest, "A field of the form is too long.") : System.Text.Encoding.UTF8.GetString(buffer, 0, length);
    }
}
