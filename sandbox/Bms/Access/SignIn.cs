using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Access;

/// <summary>A form in, a pair of tokens out. Every refusal is a 200 with a code and a sentence of its own.</summary>
internal sealed class SignIn(BmsTenant tenant, BmsTokens tokens)
{
    private const int WrongTenant = 978002;
    private const int WrongUser = 978003;
    private const int WrongPassword = 978004;
    private const int NoApiAccess = 978005;
    private const int MfaNeeded = 978006;
    private const int MfaWrong = 978007;
    private const int WrongGrant = 978008;
    private const int WrongRefresh = 978009;

    public Answer Answer(Ask ask)
    {
        if (FormFields.Read(ask) is not { } form)
            return BmsAnswers.WrongMedia();
        if (!string.Equals(form.GetValueOrDefault("GrantType"), "password", StringComparison.OrdinalIgnoreCase))
            return BmsAnswers.Refused(WrongGrant, "The grant type is not supported.");
        if (!string.Equals(form.GetValueOrDefault("Tenant"), tenant.Name, StringComparison.OrdinalIgnoreCase))
            return BmsAnswers.Refused(WrongTenant, "The company name is not valid.");
        var name = form.GetValueOrDefault("UserName");
        if (tenant.Users.FirstOrDefault(user => string.Equals(user.UserName, name, StringComparison.OrdinalIgnoreCase)) is not { } user)
            return BmsAnswers.Refused(WrongUser, "The user name is not valid.");
        if (form.GetValueOrDefault("Password") != user.Password)
            return BmsAnswers.Refused(WrongPassword, "The password is not valid.");
        if (!user.HasApiAccess)
            return BmsAnswers.Refused(NoApiAccess, "The user has no API access.");
        if (user.MfaCode is not null && string.IsNullOrEmpty(form.GetValueOrDefault("MFACode")))
            return BmsAnswers.Refused(MfaNeeded, "A multi-factor authentication (MFA) code is required.");
        if (user.MfaCode is not null && form["MFACode"] != user.MfaCode)
            return BmsAnswers.Refused(MfaWrong, "The multi-factor authentication (MFA) code is not valid.");
        return BmsAnswers.Result(tokens.Issue(user));
    }

    public Answer Refreshed(Ask ask)
    {
        if (FormFields.Read(ask) is not { } form)
            return BmsAnswers.WrongMedia();
        return tokens.Refresh(form.GetValueOrDefault("AccessToken") ?? "", form.GetValueOrDefault("RefreshToken") ?? "") is { } pair
            ? BmsAnswers.Result(pair)
            : BmsAnswers.Refused(WrongRefresh, "The refresh token is not valid.");
    }
}
