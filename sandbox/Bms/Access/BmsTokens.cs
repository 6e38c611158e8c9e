using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Access;

/// <summary>Pairs of an access and a refresh token. Both end by the sandbox's clock and with the process; a refresh ends the pair it is asked with.</summary>
internal sealed class BmsTokens(SandboxClock clock, BmsTenant tenant, int accessSeconds)
{
    /// <summary>A refresh token outlives its access token so many times.</summary>
    private const int RefreshLonger = 24;
    private const int PairsMax = 10_000;
    private const string Header = """{"alg":"HS256","typ":"JWT"}""";

    private readonly Lock gate = new();
    private readonly Dictionary<string, Pair> byAccess = new(StringComparer.Ordinal);
    private readonly Queue<string> oldestFirst = new();
    private long issued;

    private sealed record Pair(BmsUser User, string Access, string Refresh, DateTimeOffset AccessUntil, DateTimeOffset RefreshUntil);

    /// <summary>The properties of a new pair.</summary>
    public JsonObject Issue(BmsUser user)
    {
        lock (gate)
            return Shown(Add(user));
    }

    /// <summary>A new pair for an old one, whose access token may have expired; null when the two do not belong together or are used up.</summary>
    public JsonObject? Refresh(string access, string refresh)
    {
        lock (gate)
        {
            if (!byAccess.TryGetValue(access, out var pair) || pair.Refresh != refresh || clock.Now >= pair.RefreshUntil)
                return null;
            byAccess.Remove(access);
            return Shown(Add(pair.User));
        }
    }

    /// <summary>Whose bearer token the request carries; null when it is none or has expired.</summary>
    public BmsUser? Holder(Ask ask)
    {
        if (!AuthenticationHeaderValue.TryParse(ask.Headers.Authorization, out var header)
            || !string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
            || header.Parameter is null)
            return null;
        lock (gate)
            return byAccess.TryGetValue(header.Parameter, out var pair) && clock.Now < pair.AccessUntil ? pair.User : null;
    }

    private Pair Add(BmsUser user)
    {
        if (oldestFirst.Count >= PairsMax)
            byAccess.Remove(oldestFirst.Dequeue());
        var number = ++issued;
        var now = clock.Now;
        var until = now.AddSeconds(accessSeconds);
        var pair = new Pair(user, Jwt(user, number, until), $"sandbox-refresh-{tenant.Id}-{number:000000}", until, now.AddSeconds((double)accessSeconds * RefreshLonger));
        byAccess[pair.Access] = pair;
        oldestFirst.Enqueue(pair.Access);
        return pair;
    }

    private static JsonObject Shown(Pair pair) => new()
    {
        ["accessToken"] = pair.Access,
        ["refreshToken"] = pair.Refresh,
        ["accessTokenExpireOn"] = Cell.Wire(pair.AccessUntil),
        ["refreshTokenExpireOn"] = Cell.Wire(pair.RefreshUntil),
    };

    /// <summary>Looks like the vendor's; nobody needs to check the signature.</summary>
    private string Jwt(BmsUser user, long number, DateTimeOffset until)
    {
        var claims = new JsonObject { ["sub"] = user.UserName, ["tenant"] = tenant.Name, ["jti"] = number, ["exp"] = until.ToUnixTimeSeconds() };
        var signed = $"{Part(Header)}.{Part(WireJson.Text(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(signed)))}";
    }

    private static string Part(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
