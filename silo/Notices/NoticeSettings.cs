using System.Globalization;
using UsageBilling.Grains.Notices;

namespace UsageBilling.Silo.Notices;

/// <summary>The environment's settings for mail.</summary>
internal static class NoticeSettings
{
    private static readonly string[] Names = ["MailHost", "MailFolder", "MailPort", "MailTls", "MailUser", "MailPassword", "MailFrom"];

    /// <summary>The options, null when no mail is set up, or one sentence for each setting that will not do. No sentence shows a password.</summary>
    /// <param name="setting">Looks a setting up by its name without <c>UsageBilling__</c>.</param>
    public static (NoticeOptions? Options, string? Objection) Read(Func<string, string?> setting)
    {
        var given = Names.ToDictionary(name => name, name => setting(name) is { Length: > 0 } text ? text : null);
        if (given.Values.All(text => text is null)) return (null, null);
        var objections = Objections(given).ToList();
        if (objections.Count > 0) return (null, string.Join('\n', objections));
        return (new NoticeOptions
        {
            From = given["MailFrom"]!,
            Folder = given["MailFolder"] is { } folder ? Path.GetFullPath(folder) : null,
            Server = given["MailHost"] is not { } host ? null : new MailServer
            {
                Host = host, Port = Port(given["MailPort"]) ?? new MailServer { Host = host }.Port, StartTls = given["MailTls"] != "none", User = given["MailUser"], Password = given["MailPassword"],
            },
        }, null);
    }

    private static IEnumerable<string> Objections(Dictionary<string, string?> given)
    {
        var (host, folder, user, password) = (given["MailHost"], given["MailFolder"], given["MailUser"], given["MailPassword"]);
        if (host is null && folder is null) yield return "UsageBilling__MailHost is missing: name a mail server, or a folder for files with UsageBilling__MailFolder.";
        if (host is not null && folder is not null) yield return "UsageBilling__MailHost and UsageBilling__MailFolder are both set: notices go to one of them.";
        if (host is not null && Uri.CheckHostName(host) == UriHostNameType.Unknown) yield return $"UsageBilling__MailHost takes the name or the address of a host, not '{host}'.";
        if (given["MailPort"] is { } port && Port(port) is null) yield return $"UsageBilling__MailPort takes a number from 1 to 65535, not '{port}'.";
        if (given["MailTls"] is { } tls and not ("starttls" or "none")) yield return $"UsageBilling__MailTls is starttls or none, not '{tls}'.";
        if (user is null != password is null) yield return "UsageBilling__MailUser and UsageBilling__MailPassword belong together: one of them is missing.";
        if (user is not null && given["MailTls"] == "none") yield return "UsageBilling__MailTls is none, but there is a password: it is never sent in the clear.";
        if (!NoticeAddress.IsValid(given["MailFrom"])) yield return "UsageBilling__MailFrom must be there: one address, for example billing@msp.example.";
    }

    private static int? Port(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535 ? port : null;
}
