using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.UniView;

/// <summary>A property of a domain that a seed or a hand may set.</summary>
internal sealed record DomainField(string Name, bool Nullable, Func<JsonNode, bool> Suits, string Expected)
{
    public const string Id = "id";
    public const string CustomerId = "customerId";
    public const string Users = "numberOfUsers";
    public const string ProtectedUsers = "numberOfProtectedUsers";
    public const string UnprotectedUsers = "numberOfUnprotectedUsers";
    public const string StandardTotal = "numberOfStandardLicensesTotal";
    public const string StandardInUse = "numberOfProtectedStandardUsers";
    public const string Archived = "numberOfArchivedLicensesTotal";
    public const string ArchivedInUse = "numberOfProtectedArchivedUsers";

    private static readonly string[] Origins = ["M365", "GOOGLEWORKSPACE"];

    public static IReadOnlyList<string> RequiredCounts { get; } = [Users, StandardTotal, ProtectedUsers, UnprotectedUsers];

    public static IReadOnlyList<string> NullableCounts { get; } =
    [
        StandardInUse, "numberOfProtectedSharePointSites", "numberOfUnprotectedSharePointSites", "numberOfProtectedTeamChannels",
        "numberOfUnprotectedTeamChannels", Archived, "numberOfSharedMailboxesTotal", "numberOfProtectedSharedMailboxes",
        "numberOfUnprotectedSharedMailboxes", "numberOfProtectedStandardSharedMailboxes", "numberOfProtectedArchivedSharedMailboxes",
        "numberOfProtectedStandardDeletedSharedMailboxes", "numberOfProtectedArchivedDeletedSharedMailboxes", ArchivedInUse,
    ];

    public static IReadOnlyDictionary<string, DomainField> All { get; } = Described().ToDictionary(field => field.Name, StringComparer.Ordinal);

    private static IEnumerable<DomainField> Described()
    {
        yield return new(Id, false, IsText, "a text");
        yield return new(CustomerId, true, node => IsText(node) && Guid.TryParse(node.GetValue<string>(), out _), "a UUID");
        yield return new("name", true, IsText, "a text");
        yield return new("region", true, IsText, "a text");
        yield return new("origin", false, node => IsText(node) && Origins.Contains(node.GetValue<string>()), string.Join(" or ", Origins));
        yield return new("expirationDate", true, IsInstant, "a date");
        yield return new("loginWithItComplete", false, IsFlag, "true or false");
        yield return new("errorOnlyEmail", false, IsFlag, "true or false");
        foreach (var name in RequiredCounts)
            yield return new(name, false, IsCount, "a whole number from 0");
        foreach (var name in NullableCounts)
            yield return new(name, true, IsCount, "a whole number from 0");
    }

    private static bool IsText(JsonNode node) => node.GetValueKind() == JsonValueKind.String;

    private static bool IsFlag(JsonNode node) => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    private static bool IsInstant(JsonNode node) =>
        IsText(node) && DateTimeOffset.TryParse(node.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    private static bool IsCount(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.Number && int.TryParse(node.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
