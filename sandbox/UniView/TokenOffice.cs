using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.UniView;

/// <summary>Client credentials in, bearer tokens out. Tokens end by the sandbox's clock and with the process.</summary>
internal sealed class TokenOffice(SandboxClock clock, int tokenSeconds)
{
    private const int TokensMax = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, DateTimeOffset> expiresAt = new(StringComparer.Ordinal);
    private readonly Queue<string> oldestFirst = new();
    private long issued;

    public Answer Issue(Ask ask)
    {
        var form = QueryHelpers.ParseQuery(ask.Body);
        if (ask.Headers.ContentType.ToString().Split(';')[0].Trim() != "application/x-www-form-urlencoded")
            return Refused("invalid_request");
        if (form.GetValueOrDefault("grant_type") != "client_credentials")
            return Refused("unsupported_grant_type");
        var (id, secret) = Basic(ask) ?? (form.GetValueOrDefault("client_id").ToString(), form.GetValueOrDefault("client_secret").ToString());
        if (id != Demo.ClientId || secret != Demo.Secret)
            return Refused("invalid_client");
        return Answer.Json(200, new JsonObject
        {
            ["access_token"] = NewToken(),
            ["expires_in"] = tokenSeconds,
            ["token_type"] = "Bearer",
        }).With("Cache-Control", "no-store");
    }

    public bool Knows(Ask ask)
    {
        if (!AuthenticationHeaderValue.TryParse(ask.Headers.Authorization, out var header)
            || !string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
            || header.Parameter is null)
            return false;
        lock (gate)
            return expiresAt.TryGetValue(header.Parameter, out var end) && clock.Now < end;
    }

    private string NewToken()
    {
        lock (gate)
        {
            if (oldestFirst.Count >= TokensMax)
                expiresAt.Remove(oldestFirst.Dequeue());
            var token = $"sandbox-token-{++issued:000000}";
            expiresAt[token] = clock.Now.AddSeconds(tokenSeconds);
            oldestFirst.Enqueue(token);
            return token;
        }
    }

    private static (string Id, string Secret)? Basic(Ask ask)
    {
        if (!AuthenticationHeaderValue.TryParse(ask.Headers.Authorization, out var header)
            || !string.Equals(header.Scheme, "Basic", StringComparison.OrdinalIgnoreCase))
            return null;
        Span<byte> bytes = stackalloc byte[256];
        if (!Convert.TryFromBase64String(header.Parameter ?? "", bytes, out var length))
            return ("", "");
        var pair = Encoding.UTF8.GetString(bytes[..length]).Split(':', 2);
        return pair.Length == 2 ? (Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair[1])) : ("", "");
    }

    private static Answer Refused(string error) => Answer.Json(400, new JsonObject { ["error"] = error });
}
