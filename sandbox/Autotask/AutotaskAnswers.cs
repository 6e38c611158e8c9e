using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask;

/// <summary>The vendor's ways of saying no. Validation is 500 with an errors array; only the framework says Message or HTML.</summary>
internal static class AutotaskAnswers
{
    public const string NoPermission = "The logged in Resource does not have the adequate permissions to perform this action.";

    public static Answer Errors(int status, params IEnumerable<string> errors) =>
        Answer.Json(status, new JsonObject { ["errors"] = new JsonArray([.. errors.Select(error => JsonValue.Create(error))]) });

    public static Answer WrongVerb(string method, IReadOnlyList<string> verbs) =>
        Answer.Json(405, new JsonObject { ["Message"] = $"The requested resource does not support http method '{method}'." })
            .With("Allow", string.Join(", ", verbs));

    public static Answer NoRoute() => Answer.Html(404, "404 - File or directory not found.");

    /// <summary>What a framework says that fell over: no errors array, so nobody can tell what happened.</summary>
    public static Answer Broken() => Answer.Json(500, new JsonObject { ["Message"] = "An error has occurred." });
}
