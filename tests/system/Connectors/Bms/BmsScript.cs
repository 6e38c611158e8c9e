using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.System.Connectors.Bms;

/// <summary>The part of Kaseya's protocol every test needs: tokens, envelopes and pages. The clock of the tests stands at 2026-09-21 03:00.</summary>
internal static class BmsScript
{
    public const string Base = "/bms";
    public const string SignIn = Base + "/v2/security/authenticate";
    public const string Refresh = Base + "/v2/security/refreshtoken";

    /// <summary>Signs everybody in and leaves the rest to <paramref name="rest"/>.</summary>
    public static Func<Seen, Canned> SignedIn(Func<Seen, Canned> rest) => seen => seen.Path == SignIn ? Granted(1) : rest(seen);

    /// <summary>A pair of tokens, good for an hour and for a day.</summary>
    public static Canned Granted(int number, string until = "2026-09-21T04:00:00Z", string refreshableUntil = "2026-09-22T03:00:00Z")
        => Ok($$"""{"accessToken":"a-{{number}}","refreshToken":"r-{{number}}","accessTokenExpireOn":"{{until}}","refreshTokenExpireOn":"{{refreshableUntil}}"}""");

    public static Canned Ok(string result) => Canned.Json($$"""{"success":true,"error":null,"result":{{result}}}""");

    public static Canned No(string message, int status = 200) => Canned.Json(Refusal(message), status);

    public static string Refusal(string message) => $$"""{"success":false,"error":{"code":17,"message":"{{message}}","details":null,"stackStrace":null,"subErrors":[]},"result":null}""";

    /// <summary>A page of a list that says how long it is.</summary>
    public static Canned Page(int total, params string[] rows) => Canned.Json($$"""{"success":true,"error":null,"result":[{{string.Join(',', rows)}}],"totalRecords":{{total}}}""");

    /// <summary>A page of a list that does not.</summary>
    public static Canned Rows(params string[] rows) => Ok($"[{string.Join(',', rows)}]");

    public static string Account(int id, string name, string active = "true", string locations = "[]")
        => $$"""{"id":{{id}},"accountName":"{{name}}","isActive":{{active}},"locations":{{locations}}}""";

    /// <summary>What a request is about: its path below the version.</summary>
    public static string About(Seen seen) => seen.Path[(Base + "/v2/").Length..];

    /// <summary>The page that a request asks for.</summary>
    public static int Number(Seen seen) => seen.Method == "GET"
        ? int.Parse(seen.Target.Split("PageNumber=")[1].Split('&')[0], CultureInfo.InvariantCulture)
        : (int)JsonNode.Parse(seen.Body)!["PageNumber"]!;

    public static string Told(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Applied => "applied",
        SendOutcome.Refused refused => $"refused: {refused.Code}",
        SendOutcome.NotSent notSent => $"not sent: {notSent.Failure.Kind} {notSent.Failure.Code}",
        SendOutcome.InDoubt doubt => $"in doubt: {doubt.Failure.Kind} {doubt.Failure.Code}",
        _ => throw new InvalidOperationException(),
    };

    public static T Value<T>(VendorAnswer<T> answer) => Assert.IsType<VendorAnswer<T>.Answered>(answer).Value;

    public static VendorFailure Failure<T>(VendorAnswer<T> answer) => Assert.IsType<VendorAnswer<T>.Failed>(answer).Failure;

    public static string Told<T>(VendorAnswer<T> answer) => answer is VendorAnswer<T>.Failed failed ? $"{failed.Failure.Kind} {failed.Failure.Code}" : "answered";
}
