using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.UniView;

/// <summary>The vendor documents 200 only; these are what its kind of server says (README, "Ours").</summary>
internal static class UniViewAnswers
{
    public static Answer Unauthorized() => Bare(401, "Unauthorized").With("WWW-Authenticate", "Bearer error=\"invalid_token\"");

    public static Answer NotFound() => Bare(404, "Not Found");

    public static Answer WrongMethod(string allowed) => Bare(405, "Method Not Allowed").With("Allow", allowed);

    public static Answer Invalid(string parameter, string why) => Answer.Json(400, new JsonObject
    {
        ["title"] = "One or more validation errors occurred.",
        ["status"] = 400,
        ["errors"] = new JsonObject { [parameter] = new JsonArray(why) },
    });

    public static Answer OfFault(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Unauthorized:
                return Unauthorized();
            case FaultKind.Forbidden:
                return Bare(403, "Forbidden");
            case FaultKind.OkWithError:
                return Answer.Json(200, new JsonObject { ["errors"] = new JsonArray("The request could not be completed.") });
            case FaultKind.RateLimited:
                var limited = Bare(429, "Too Many Requests");
                return fault.Asked.RetryAfterSeconds is { } seconds ? limited.With("Retry-After", seconds.ToString()) : limited;
            default:
                return Bare(500, "Internal Server Error");
        }
    }

    private static Answer Bare(int status, string title) => Answer.Json(status, new JsonObject { ["title"] = title, ["status"] = status });
}
