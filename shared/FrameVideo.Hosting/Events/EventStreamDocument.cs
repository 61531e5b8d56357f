using FrameVideo.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>Marks an operation that answers with a stream, too, and writes that into the OpenAPI document: 3.1 has one schema for a body, so it is that of each event's data.</summary>
internal sealed record EventStreamDocument
{
    internal sealed class Filter : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            if (!context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<EventStreamDocument>().Any()) return;
            operation.Responses ??= [];
            if (operation.Responses["200"] is OpenApiResponse { Content: { } content } answer)
            {
                answer.Description = "A page of the log, or a stream of it. Each event of a stream has its number as `id`, its type as `event`, and as `data` one Event; `progress` has no `id`, and a ProgressTick as `data`.";
                content[EventStreamResult.MediaType] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchema
                    {
                        AnyOf =
                        [
                            context.SchemaGenerator.GenerateSchema(typeof(Event), context.SchemaRepository),
                            context.SchemaGenerator.GenerateSchema(typeof(ProgressTick), context.SchemaRepository),
                        ],
                    },
                    Example = "id: 1\nevent: session.story_ready\ndata: {\"id\":\"evt_req_1700000000000_ab12cd34e_1\",\"number\":1,\"type\":\"session.story_ready\",\"attempt\":1,"
                        + "\"time\":\"2026-01-01T00:00:00+00:00\",\"data\":{\"requestId\":\"req_1700000000000_ab12cd34e\",\"title\":\"A paper boat\"}}\n\n"
                        + "event: progress\ndata: {\"id\":\"req_1700000000000_ab12cd34e\",\"status\":\"in_progress\",\"stage\":\"frames\",\"progress\":20}\n\n",
                };
            }

            if (operation.Responses.TryGetValue("204", out var ended)) ended.Description = "A stream would say nothing more: everything was seen, and the work has ended. A browser's EventSource stops asking.";
        }
    }
}
