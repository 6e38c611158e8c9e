using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Control;

namespace UsageBilling.Sandbox.UniView;

/// <summary>Domains and their users as the two versions of the api show them: every property present.</summary>
internal static class DomainShapes
{
    private const long ProtectedBytesPerUser = 2_400_000_000;
    private const long UsedBytesPerUser = 2_800_000_000;

    /// <summary>A domain as a fault shows it; the stored one stays as it is.</summary>
    public static JsonObject Disturbed(JsonObject domain, FaultKind? kind)
    {
        if (kind is not (FaultKind.HalvedCounts or FaultKind.NullCounts or FaultKind.ZeroCounts))
            return domain;
        var shown = (JsonObject)domain.DeepClone();
        foreach (var name in DomainField.NullableCounts.Concat(DomainField.RequiredCounts))
        {
            if (UniViewState.Count(shown, name) is not { } count)
                continue;
            if (kind != FaultKind.NullCounts)
                shown[name] = kind == FaultKind.HalvedCounts ? count / 2 : 0;
            else if (DomainField.All[name].Nullable)
                shown[name] = null;
        }

        return shown;
    }

    public static JsonObject V2(JsonObject domain, DateOnly today, bool withUsers)
    {
        var shown = Head(domain);
        shown["origin"] = domain["origin"]?.DeepClone() ?? "M365";
        shown[DomainField.Users] = Users(domain);
        shown[DomainField.StandardTotal] = UniViewState.Count(domain, DomainField.StandardTotal) ?? 0;
        shown[DomainField.StandardInUse] = UniViewState.Count(domain, DomainField.StandardInUse);
        shown["expirationDate"] = domain["expirationDate"]?.DeepClone();
        shown["storageInformation"] = Storage(domain);
        shown["lastBackup"] = new JsonObject
        {
            ["status"] = "success",
            ["timestamp"] = Night(today),
            ["sites"] = LastBackup(today),
            ["teams"] = LastBackup(today),
            ["sharePoint"] = LastBackup(today),
        };
        Tail(domain, shown, "totalForMail", "totalForContact", "totalForCalendar", "totalForDrive", "totalForSites", "totalForSharePoint", "totalForTeams");
        foreach (var name in DomainField.NullableCounts.Where(name => name != DomainField.StandardInUse))
            shown[name] = UniViewState.Count(domain, name);
        shown["users"] = withUsers ? UsersOf(domain, today, archived: false, version: 2) : null;
        shown["archivedUsers"] = withUsers ? UsersOf(domain, today, archived: true, version: 2) : null;
        return shown;
    }

    public static JsonObject V1(JsonObject domain, DateOnly today, bool withUsers)
    {
        var shown = Head(domain);
        shown[DomainField.Users] = Users(domain);
        shown["numberOfLicensesTotal"] = UniViewState.Count(domain, DomainField.StandardTotal) ?? 0;
        shown["numberOfLicensesInUse"] = Protected(domain);
        shown["expirationDate"] = domain["expirationDate"]?.DeepClone();
        shown["storageInformation"] = Storage(domain);
        shown["lastBackupStatus"] = "success";
        shown["lastBackupTimestamp"] = Night(today);
        Tail(domain, shown, "totalForMail", "totalForContact", "totalForCalendar", "totalForDrive", "totalForSharePoint", "totalForTeams");
        foreach (var name in DomainField.NullableCounts.Skip(1).Take(4))
            shown[name] = UniViewState.Count(domain, name);
        shown["users"] = withUsers ? UsersOf(domain, today, archived: false, version: 1) : null;
        return shown;
    }

    /// <summary>As many users as the domain counts, invented from its name.</summary>
    public static JsonArray UsersOf(JsonObject domain, DateOnly today, bool archived, int version)
    {
        var count = UniViewState.Count(domain, archived ? DomainField.ArchivedInUse : DomainField.StandardInUse) ?? 0;
        var word = archived ? "former" : "user";
        return new JsonArray([.. Enumerable.Range(1, count).Select(number => User(domain, $"{word}{number:000}", today, version))]);
    }

    public static int Protected(JsonObject domain) => UniViewState.Count(domain, DomainField.ProtectedUsers)
        ?? (UniViewState.Count(domain, DomainField.StandardInUse) ?? 0) + (UniViewState.Count(domain, DomainField.ArchivedInUse) ?? 0);

    public static int Users(JsonObject domain) => UniViewState.Count(domain, DomainField.Users) ?? Protected(domain);

    private static JsonObject Head(JsonObject domain) => new()
    {
        [DomainField.Id] = domain[DomainField.Id]!.DeepClone(),
        [DomainField.CustomerId] = domain[DomainField.CustomerId]?.DeepClone(),
        ["name"] = domain["name"]?.DeepClone(),
        ["region"] = domain["region"]?.DeepClone(),
    };

    private static void Tail(JsonObject domain, JsonObject shown, params IReadOnlyList<string> totals)
    {
        shown["backupStatusLastSevenDaysTotal"] = "success";
        shown["backupStatusLastSevenDays"] = Totals(totals);
        shown["loginWithItComplete"] = domain["loginWithItComplete"]?.DeepClone() ?? true;
        shown["errorOnlyEmail"] = domain["errorOnlyEmail"]?.DeepClone() ?? false;
        shown[DomainField.ProtectedUsers] = Protected(domain);
        shown[DomainField.UnprotectedUsers] = UniViewState.Count(domain, DomainField.UnprotectedUsers) ?? Math.Max(0, Users(domain) - Protected(domain));
    }

    private static JsonObject User(JsonObject domain, string name, DateOnly today, int version)
    {
        var drive = version == 1 ? "OneDrive" : "Drive";
        return new JsonObject
        {
            ["id"] = $"{domain[DomainField.Id]}-{name}",
            ["email"] = $"{name}@{domain["name"]}",
            ["lastBackupStatusTotal"] = "success",
            ["lastBackupTimestampTotal"] = Night(today),
            ["lastBackupStatus"] = Totals("lastForMail", "lastForContact", "lastForCalendar", "lastForDrive"),
            ["lastBackupTimestamp"] = Each(Night(today), "lastMailBackupTimestamp", "lastContactBackupTimestamp", "lastCalendarBackupTimestamp", "lastDriveBackupTimestamp"),
            ["backupStatusLastSevenDaysTotal"] = "success",
            ["backupStatusLastSevenDays"] = Totals("totalForMail", "totalForContact", "totalForCalendar", "totalForDrive"),
            ["storageInformation"] = new JsonObject
            {
                ["protectedBytes"] = ProtectedBytesPerUser,
                ["usedBytes"] = UsedBytesPerUser,
                ["protectedMailBytes"] = ProtectedBytesPerUser,
                ["usedMailBytes"] = UsedBytesPerUser,
                [$"protected{drive}Bytes"] = 0,
                [$"used{drive}Bytes"] = 0,
                ["protectedContactBytes"] = 0,
                ["usedContactBytes"] = 0,
                ["protectedCalendarBytes"] = 0,
                ["usedCalendarBytes"] = 0,
            },
        };
    }

    private static JsonObject Storage(JsonObject domain) => new()
    {
        ["protectedBytes"] = Protected(domain) * ProtectedBytesPerUser,
        ["usedBytes"] = Protected(domain) * UsedBytesPerUser,
    };

    private static JsonObject LastBackup(DateOnly today) => new() { ["status"] = "success", ["timestamp"] = Night(today) };

    private static JsonObject Totals(params IReadOnlyList<string> names) => Each("success", names);

    private static JsonObject Each(string value, params IReadOnlyList<string> names) =>
        new(names.Select(name => KeyValuePair.Create(name, (JsonNode?)JsonValue.Create(value))));

    private static string Night(DateOnly today) => today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T02:00:00Z";
}
