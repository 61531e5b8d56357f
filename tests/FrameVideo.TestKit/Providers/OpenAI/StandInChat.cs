using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FrameVideo.TestKit.Providers.OpenAI;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal static class StandInChat
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "model", "messages", "response_format", "max_completion_tokens", "max_tokens", "n", "seed", "temperature", "top_p", "stop", "stream", "stream_options", "user", "safety_identifier", "prompt_cache_key", "metadata", "store",
        "reasoning_effort", "verbosity", "service_tier", "tools", "tool_choice", "parallel_tool_calls", "logprobs", "top_logprobs", "logit_bias", "frequency_penalty", "presence_penalty", "modalities", "audio", "prediction", "web_search_options",
    };

    /// <summary>What models that think do not take.</summary>
    private static readonly string[] NotOfReasoning = ["max_tokens", "logprobs", "top_logprobs", "logit_bias", "frequency_penalty", "presence_penalty", "top_p", "stop"];

    public static JsonObject Answer(OpenAIStandIn standIn, OpenAICall call)
    {
        var body = call.Body ?? throw new OpenAIRefusalException(400, null, "We could not parse the JSON body of your request.");
        if (body.Select(field => field.Key).FirstOrDefault(field => !Known.Contains(field)) is { } stray) throw new OpenAIRefusalException(400, "unknown_parameter", $"Unknown parameter: '{stray}'.", stray);
        if (call.Model is not { Length: > 0 } model) throw new OpenAIRefusalException(400, "missing_required_parameter", "Missing required parameter: 'model'.", "model");
        if (!standIn.ChatModels.Contains(model)) throw new OpenAIRefusalException(404, "model_not_found", $"The model `{model}` does not exist or you do not have access to it.");
        CheckMessages(body);
        if (Regex.IsMatch(model, "^(gpt-[5-9]|o[0-9])", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)) CheckReasoning(body);
        CheckFormat(body["response_format"]);

        var refusal = standIn.Refusal(call);
        var content = refusal is null ? standIn.Write(call) : null;
        var (read, written) = (call.Prompt.Length / 4, (content?.Length ?? 0) / 4);
        return new JsonObject
        {
            ["id"] = "chatcmpl-standin" + standIn.Calls.Count,
            ["object"] = "chat.completion",
            ["created"] = 1_795_000_000,
            ["model"] = model,
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = content, ["refusal"] = refusal, ["annotations"] = new JsonArray() },
                ["logprobs"] = null,
                ["finish_reason"] = standIn.FinishReason(call),
            }),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = read,
                ["completion_tokens"] = written,
                ["total_tokens"] = read + written,
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 0, ["audio_tokens"] = 0 },
                ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0, ["audio_tokens"] = 0, ["accepted_prediction_tokens"] = 0, ["rejected_prediction_tokens"] = 0 },
            },
            ["service_tier"] = "default",
            ["system_fingerprint"] = null,
        };
    }

    private static void CheckMessages(JsonObject body)
    {
        if (body["messages"] is not JsonArray { Count: > 0 } messages) throw new OpenAIRefusalException(400, "missing_required_parameter", "Missing required parameter: 'messages'.", "messages");
        for (var i = 0; i < messages.Count; i++)
        {
            var role = messages[i] is JsonObject message ? (string?)message["role"] : null;
            if (role is not ("system" or "developer" or "user" or "assistant" or "tool")) throw new OpenAIRefusalException(400, "invalid_value", $"Invalid value: '{role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.", $"messages[{i}].role");
            if (messages[i]!["content"] is null) throw new OpenAIRefusalException(400, null, $"Invalid value for 'content': expected a string, got null.", $"messages.[{i}].content");
        }
    }

    private static void CheckReasoning(JsonObject body)
    {
        if (NotOfReasoning.FirstOrDefault(body.ContainsKey) is { } unsupported)
            throw new OpenAIRefusalException(400, "unsupported_parameter", $"Unsupported parameter: '{unsupported}' is not supported with this model.{(unsupported == "max_tokens" ? " Use 'max_completion_tokens' instead." : "")}", unsupported);
        if (body["temperature"] is { } temperature && (double)temperature != 1) throw new OpenAIRefusalException(400, "unsupported_value", $"Unsupported value: 'temperature' does not support {temperature} with this model. Only the default (1) value is supported.", "temperature");
        if (body["max_completion_tokens"] is { } most && (int)most is < 1 or > 128_000) throw new OpenAIRefusalException(400, "invalid_value", "max_tokens is too large: this model supports at most 128000 completion tokens.", "max_completion_tokens");
        if ((string?)body["reasoning_effort"] is { } effort && effort is not ("none" or "low" or "medium" or "high" or "xhigh" or "max")) throw new OpenAIRefusalException(400, "invalid_value", $"Invalid value: '{effort}'.", "reasoning_effort");
    }

    private static void CheckFormat(JsonNode? format)
    {
        if (format is null) return;
        var type = (string?)format["type"];
        if (type is "text" or "json_object") return;
        if (type != "json_schema") throw new OpenAIRefusalException(400, "invalid_value", $"Invalid value: '{type}'. Supported values are: 'json_object', 'json_schema', and 'text'.", "response_format.type");
        if (format["json_schema"] is not JsonObject schema || (string?)schema["name"] is not { } name) throw new OpenAIRefusalException(400, "missing_required_parameter", "Missing required parameter: 'response_format.json_schema'.", "response_format.json_schema");
        if (!Regex.IsMatch(name, "^[a-zA-Z0-9_-]{1,64}$", RegexOptions.NonBacktracking)) throw new OpenAIRefusalException(400, "invalid_value", $"Invalid 'response_format.json_schema.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.", "response_format.json_schema.name");
        if (schema["strict"]?.GetValueKind() == JsonValueKind.True) StrictSchema.Check(name, schema["schema"]);
    }
}
