using System.Text.Json.Nodes;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using FrameVideo.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>
/// Says of every member what the serializer does: in answers everything is there, and null where its type has a <c>?</c>; in requests that is required which the reader cannot do without.
/// Numbers and texts without a range of their own get that of their kind.
/// </summary>
internal sealed partial class OpenApiSchemas : ISchemaFilter, IDocumentFilter
{
    /// <summary>What a JavaScript number holds exactly; nothing of ours is larger.</summary>
    public const long MaxSafeInteger = (1L << 53) - 1;

    private static readonly JsonSerializerOptions Json = CreateJson();

    private readonly ConcurrentDictionary<string, Type> _types = new(StringComparer.Ordinal);

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema && context.MemberInfo is null && context.ParameterInfo is null) _types[OpenApiRegistration.SchemaId(context.Type)] = context.Type;
    }

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var asked = Asked(swaggerDoc);
        foreach (var (id, component) in swaggerDoc.Components!.Schemas!)
        {
            if (component is not OpenApiSchema schema) continue;
            if (schema.Properties is { Count: > 0 } && _types.TryGetValue(id, out var type)) Members(schema, type, asked.Contains(id));
            Limit(schema, asked.Contains(id));
        }
    }

    /// <summary>As the services read and write.</summary>
    private static JsonSerializerOptions CreateJson()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        WireJson.Apply(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>The schemas of what callers send.</summary>
    private static HashSet<string> Asked(OpenApiDocument document)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            if (operation.RequestBody?.Content is not { } content) continue;
            foreach (var body in content.Values) Follow(body.Schema);
        }

        return found;

        void Follow(IOpenApiSchema? schema)
        {
            if (schema is OpenApiSchemaReference { Reference.Id: { } id } && found.Add(id)) Follow(document.Components!.Schemas![id]);
            if (schema is not OpenApiSchema own) return;
            foreach (var part in own.Properties?.Values.AsEnumerable() ?? []) Follow(part);
            foreach (var part in (own.AllOf ?? []).Concat(own.AnyOf ?? []).Concat(own.OneOf ?? [])) Follow(part);
            Follow(own.Items);
        }
    }

    private void Members(OpenApiSchema schema, Type type, bool isAsked)
    {
        if (Json.GetTypeInfo(type) is not { Kind: JsonTypeInfoKind.Object } info) return;
        schema.Required = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var member in info.Properties)
        {
            if (!schema.Properties!.TryGetValue(member.Name, out var property)) continue;
            if (member.AttributeProvider?.IsDefined(typeof(EditorBrowsableAttribute), inherit: true) == true)
            {
                // An older way to ask, which goes on working.
                schema.Properties.Remove(member.Name);
                continue;
            }

            var isNeeded = member.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: true) == true;
            if (isNeeded || (isAsked ? member.IsRequired : member.Get is not null)) schema.Required.Add(member.Name);
            var isNullable = !isNeeded && (System.Nullable.GetUnderlyingType(member.PropertyType) is not null || (!member.PropertyType.IsValueType && (isAsked ? member.IsSetNullable : member.IsGetNullable)));
            schema.Properties[member.Name] = Nullable(property, isNullable);
            if (schema.Properties[member.Name] is not OpenApiSchema own) continue;
            Constant(own, member);
            if (member.Name == "metadata") Notes(own);
            if (member.Name == "scopes") own.Items = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^(frames|videos):(read|write)$", MaxLength = 16 };
        }

        // In requests what is not known is refused; in answers more may come.
        schema.AdditionalPropertiesAllowed = true;
        if (isAsked && info.UnmappedMemberHandling is not JsonUnmappedMemberHandling.Skip) schema.AdditionalPropertiesAllowed = false;
    }

    private static IOpenApiSchema Nullable(IOpenApiSchema property, bool isNullable)
    {
        if (property is OpenApiSchema { Type: not null } own)
        {
            own.Type = isNullable ? own.Type | JsonSchemaType.Null : own.Type & ~JsonSchemaType.Null;
            if (isNullable && own.Enum is { Count: > 0 } values && values.All(value => value is not null)) own.Enum = [.. values, JsonNullSentinel.JsonNull];
            return own;
        }

        if (!isNullable || property is not OpenApiSchemaReference reference) return property;
        var description = reference.Description;
        reference.Description = null;
        return new OpenApiSchema { Description = description, OneOf = [reference, new OpenApiSchema { Type = JsonSchemaType.Null }] };
    }

    /// <summary>What is always the same text.</summary>
    private static void Constant(OpenApiSchema property, JsonPropertyInfo member)
    {
        if (member.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: true) is [AllowedValuesAttribute allowed, ..])
        {
            property.Enum = [.. allowed.Values.Where(value => value is not null).Select(value => JsonSerializer.SerializeToNode(value)!)];
            if (property.Type?.HasFlag(JsonSchemaType.Null) == true) property.Enum.Add(JsonNullSentinel.JsonNull);
        }
    }

    /// <summary>As both services hold a caller's notes to.</summary>
    private static void Notes(OpenApiSchema notes)
    {
        notes.MaxProperties = WireLimits.MaxNotes;
        notes.PropertyNames = new OpenApiSchema { MinLength = 1, MaxLength = WireLimits.MaxNoteName };
        notes.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = WireLimits.MaxNoteText };
    }

    private static void Limit(IOpenApiSchema? some, bool isAsked)
    {
        if (some is not OpenApiSchema schema) return;
        foreach (var property in schema.Properties?.Values.AsEnumerable() ?? []) Limit(property, isAsked);
        Describe(schema);
        Limit(schema.Items, isAsked);
        Limit(schema.AdditionalProperties, isAsked);
        foreach (var part in schema.OneOf ?? []) Limit(part, isAsked);
        if (schema.Type is not { } type) return;
        if (type.HasFlag(JsonSchemaType.Integer))
        {
            if (NumbersOf(schema.Enum) is { Count: > 0 } allowed)
                (schema.Minimum, schema.Maximum) = (allowed.Min().ToString(CultureInfo.InvariantCulture), allowed.Max().ToString(CultureInfo.InvariantCulture));
            if (!isAsked) schema.Minimum ??= "0";
            schema.Minimum ??= schema.Format == "int64" ? (-MaxSafeInteger).ToString(CultureInfo.InvariantCulture) : int.MinValue.ToString(CultureInfo.InvariantCulture);
            schema.Maximum ??= (schema.Format == "int64" ? MaxSafeInteger : int.MaxValue).ToString(CultureInfo.InvariantCulture);
        }

        if (schema.MinLength == 0) schema.MinLength = null;
        // What people write is checked for control characters.
        if (isAsked && schema is { MaxLength: WireLimits.MaxText or WireLimits.MaxStory, Format: null }) schema.Pattern ??= WireLimits.Words;
        if (type.HasFlag(JsonSchemaType.String) && schema is { MaxLength: null, Enum: null or { Count: 0 }, Const: null })
            schema.MaxLength = schema.Format switch { "date-time" => 40, "uri" => WireLimits.MaxUrl, _ => null };
    }

    private static List<long> NumbersOf(IList<JsonNode>? values) =>
        [.. (values ?? []).Where(value => value is JsonValue && long.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)).Select(value => long.Parse(value.ToString(), CultureInfo.InvariantCulture))];

    /// <summary>The names that descriptions refer to are those of the document.</summary>
    private static void Describe(OpenApiSchema schema)
    {
        if (schema.Description is { } text) schema.Description = Names(text);
        foreach (var property in schema.Properties?.Values.AsEnumerable() ?? [])
        {
            if (property is OpenApiSchemaReference { Description: { } said } reference) reference.Description = Names(said);
        }

        static string Names(string text) => CodeName().Replace(text, match => $"`{JsonNamingPolicy.CamelCase.ConvertName(match.Groups["last"].Value)}`");
    }

    [GeneratedRegex(@"\b(FrameVideo|FrameService|VideoService)(\.(?<last>[A-Za-z]+))+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeName();
}
