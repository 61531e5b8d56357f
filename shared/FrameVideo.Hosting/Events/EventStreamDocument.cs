namespace FrameVideo.Hosting;

/// <summary>Marks an operation that answers with a stream, too; the OpenAPI document tells of it.</summary>
internal sealed record EventStreamDocument;
