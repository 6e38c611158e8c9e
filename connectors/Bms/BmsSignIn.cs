using System.Text;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>The form that a user signs in with, and what is wrong when it is turned down. Kaseya documents no texts, so they are read by what they speak of.</summary>
internal static class BmsSignIn
{
    private const int BadRequest = 400;
    private const int Unauthorized = 401;
    private const int Forbidden = 403;

    private static readonly string[] s_secondFactor = ["mfa", "multi-factor", "multifactor", "multi factor", "two-factor", "2fa", "authentication code", "verification code"];
    private static readonly string[] s_api = ["api access", "access the api", "access to the api"];
    private static readonly string[] s_company = ["company", "tenant"];
    private static readonly string[] s_secret = ["password", "credential"];
    private static readonly string[] s_unknown = ["not found", "not be found", "not exist", "unknown", "no such", "not valid", "invalid"];

    public static WireBody Form(VendorAccess access)
        => Form(("UserName", access.User), ("Password", access.Secret), ("Tenant", access.IntegrationCode), ("GrantType", "password"));

    public static WireBody Form(params (string Name, string Value)[] fields)
        => new(Encoding.ASCII.GetBytes(string.Join('&', fields.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"))), "application/x-www-form-urlencoded");

    /// <summary>Why nobody was signed in. A no may come as 400, 401, 403, or as 200 with <c>success</c> false.</summary>
    public static VendorFailure Failure(WireAnswer.Received answer, VendorAccess access)
    {
        if (BmsAnswers.Read(answer, access, token: null) is not VendorAnswer<BmsEnvelope>.Failed { Failure: var failure }) return Unreadable;
        var envelope = BmsEnvelope.FromJson(answer.Body);
        var isNo = answer.Status is BadRequest or Unauthorized or Forbidden || (answer.Succeeded && envelope is { Succeeded: false, Broke: false });
        // A vendor that is busy or broken says nothing about the user.
        if (!isNo || failure.Kind is VendorFailureKind.RateLimited or VendorFailureKind.ServerError) return failure;
        var (kind, code, message) = Meaning(string.Join('\n', envelope?.Errors ?? []), answer.Status);
        return new VendorFailure(kind, code, message + BmsAnswers.Quote(envelope, access, token: null));
    }

    public static VendorFailure Unreadable { get; } = new(VendorFailureKind.Malformed, "token_unreadable", "Kaseya answered the sign-in without a usable token.");

    private static (VendorFailureKind Kind, string Code, string Message) Meaning(string text, int status)
    {
        if (Says(text, s_secondFactor)) return (VendorFailureKind.Unauthorized, "mfa_required", "Kaseya demands a second factor of this user; use an API Employee, who is exempt.");
        if (Says(text, s_api)) return (VendorFailureKind.Forbidden, "no_api_access", "The user's role lacks 'Has API Access'.");
        if (Says(text, s_secret)) return (VendorFailureKind.Unauthorized, "wrong_secret", "Kaseya does not accept this user and password for the company.");
        if (Says(text, s_company) && !UserComesFirst(text))
            return (VendorFailureKind.Unauthorized, "wrong_company", "Kaseya does not know this company here: another name, or another region.");
        if (Says(text, "user") && Says(text, s_unknown))
            return (VendorFailureKind.Unauthorized, "unknown_user", "Kaseya does not know this user here: another name, or another region.");
        return (status, text.Length) switch
        {
            (Forbidden, _) => (VendorFailureKind.Forbidden, "no_api_access", "Kaseya signs this user in nowhere but in its own windows: the role lacks 'Has API Access'."),
            (_, 0) or (Unauthorized, _) => (VendorFailureKind.Unauthorized, "wrong_secret", "Kaseya does not accept this user and password for the company."),
            _ => (VendorFailureKind.Unauthorized, "sign_in_refused", "Kaseya does not sign this user in."),
        };
    }

    /// <summary>Whether a text that names both is about the user: "User not found in the company".</summary>
    private static bool UserComesFirst(string text)
    {
        var user = text.IndexOf("user", StringComparison.OrdinalIgnoreCase);
        return user >= 0 && s_company.All(word => text.IndexOf(word, StringComparison.OrdinalIgnoreCase) is var at && (at < 0 || at > user));
    }

    private static bool Says(string text, params string[] words) => Array.Exists(words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
