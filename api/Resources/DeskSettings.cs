using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Versions;
using UsageBilling.Grains.Desk;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Runtime.Desk;

namespace UsageBilling.Api.Resources;

/// <summary>One setting as it holds.</summary>
/// <param name="Field">For example <c>queue</c> or <c>priority_low</c>.</param>
/// <param name="Value">The PSA's id of the value, <c>do_not_sync</c>, or null: the PSA decides.</param>
/// <param name="Name">What a person knows the value by; null when it is not known (any more).</param>
/// <param name="From"><c>override</c>, <c>mapping</c> (the organization's PSA account), <c>account</c> (its main place), <c>default</c> or <c>none</c>.</param>
internal sealed record SettingResource(string Field, string? Value, string? Name, string From);

/// <summary>The settings of tickets at one PSA: those for all organizations, or with an organization those that hold for it.</summary>
internal sealed record SettingsResource(long IntegrationId, long? OrganizationId, IReadOnlyList<SettingResource> Settings);

/// <summary>Settings that are to hold, by field: the PSA's ids as lookups and accounts show them, <c>do_not_sync</c> for a priority, null to leave it to the PSA.</summary>
/// <param name="Settings">All of them: for all organizations, what is absent is left to the PSA; for one, it follows the default.</param>
internal sealed record WantedSettings(Dictionary<string, string?> Settings) : IChecked
{
    private const int FieldsMax = 50;
    private const int TextMax = 50;

    public IEnumerable<FieldError> Check()
    {
        if (Settings.Count > FieldsMax) yield return new("settings", $"At most {FieldsMax}.");
        foreach (var (field, value) in Settings.Take(FieldsMax))
            if (field.Length is 0 or > TextMax || value is not null && (value.Length is 0 or > TextMax || value.Any(char.IsControl)))
                yield return new($"settings.{field[..Math.Min(field.Length, TextMax)]}", $"A field and its value have 1 to {TextMax} characters.");
    }
}

/// <summary>One setting of an organization before and after a reset.</summary>
internal sealed record SettingChangeResource(string Field, SettingResource Before, SettingResource After);

/// <summary>An organization that a reset changes.</summary>
internal sealed record ResetOrganizationResource(long OrganizationId, string Name, IReadOnlyList<SettingChangeResource> Changes);

/// <summary>What a reset will change: exactly these organizations.</summary>
/// <param name="Hash">To be sent along, so that nothing else is changed.</param>
internal sealed record ResetPlanResource(string Hash, int Count, IReadOnlyList<ResetOrganizationResource> Organizations);

/// <summary>The reset that was looked at.</summary>
internal sealed record WantedReset(string Hash) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        if (Hash.Length != 64 || !Hash.All(char.IsAsciiHexDigitLower)) yield return new("hash", "Must be the hash of a reset-plan.");
    }
}

/// <summary>How many organizations follow the defaults again.</summary>
internal sealed record ResetResource(int Organizations);

/// <summary>What tickets of a PSA are opened with.</summary>
internal static class DeskSettings
{
    private const string OfOrganization = "/{id:long}/organizations/{organization:long}/settings";

    private static readonly Versioned Defaults = Versioned.OfIntegration((sight, cancellation) => Seen(sight, null, cancellation));

    private static readonly Versioned Overrides = Versioned.OfIntegration((sight, cancellation) => Seen(sight, sight.Number("organization"), cancellation));

    public static void MapDeskSettings(this RouteGroupBuilder integrations)
    {
        integrations.MapGet("/{id:long}/settings", Get).Tagged();
        integrations.MapGet(OfOrganization, GetEffective).Tagged();
        var changes = integrations.MapGroup("").RequireAuthorization(Policies.Operator);
        changes.MapPut("/{id:long}/settings", Set).Replaces(Defaults);
        changes.MapPut(OfOrganization, Override).Replaces(Overrides);
        changes.MapDelete(OfOrganization, Follow).Changes(Overrides);
        changes.MapPost("/{id:long}/settings/reset-plan", PlanReset);
        changes.MapPost("/{id:long}/settings/reset", Reset);
    }

    private static Task<Results<Ok<SettingsResource>, ProblemResult>> Get(long id, MspDatabase database, DeskStore store, CancellationToken cancellation) =>
        Read(id, null, database, store, cancellation);

    private static async Task<Results<Ok<SettingsResource>, ProblemResult>> GetEffective(
        long id, long organization, MspDatabase database, DeskStore store, CancellationToken cancellation) =>
        await database.Id("Desk/organization", [organization], cancellation) is null
            ? ProblemResult.Of(ProblemCode.NotFound)
            : await Read(id, organization, database, store, cancellation);

    private static async Task<Results<Ok<SettingsResource>, ProblemResult>> Set(
        long id, WantedSettings request, MspDatabase database, DeskStore store, CancellationToken cancellation) =>
        ProblemOf(await store.SetDefaults(database.Msp, id, request.Settings, database.Actor, database.Condition.Precondition, cancellation)) is { } problem
            ? problem
            : await Read(id, null, database, store, cancellation);

    private static async Task<Results<Ok<SettingsResource>, ProblemResult>> Override(
        long id, long organization, WantedSettings request, MspDatabase database, DeskStore store, CancellationToken cancellation) =>
        ProblemOf(await store.SetOverrides(database.Msp, id, organization, request.Settings, database.Actor, database.Condition.Precondition, cancellation)) is { } problem
            ? problem
            : await Read(id, organization, database, store, cancellation);

    /// <summary>Back to the default, with every field.</summary>
    private static async Task<Results<NoContent, ProblemResult>> Follow(long id, long organization, MspDatabase database, DeskStore store, CancellationToken cancellation) =>
        ProblemOf(await store.ClearOverrides(database.Msp, id, organization, database.Actor, database.Condition.Precondition, cancellation)) is { } problem ? problem : TypedResults.NoContent();

    private static async Task<Results<Ok<ResetPlanResource>, ProblemResult>> PlanReset(long id, MspDatabase database, DeskStore store, CancellationToken cancellation)
    {
        var (plan, answer) = await store.PlanReset(database.Msp, id, cancellation);
        if (plan is null) return ProblemOf(answer!)!;
        var names = await Names(id, plan.Organizations.SelectMany(organization => organization.Changes).SelectMany(change => (EffectiveSetting[])[change.Before, change.After]), database, cancellation);
        return TypedResults.Ok(new ResetPlanResource(plan.Hash, plan.Organizations.Count,
        [
            .. plan.Organizations.Select(organization => new ResetOrganizationResource(organization.Id, organization.Name,
                [.. organization.Changes.Select(change => new SettingChangeResource(change.Before.Field.Name, ToJson(change.Before, names), ToJson(change.After, names)))])),
        ]));
    }

    private static async Task<Results<Ok<ResetResource>, ProblemResult>> Reset(long id, WantedReset request, MspDatabase database, DeskStore store, CancellationToken cancellation) =>
        await store.Reset(database.Msp, id, request.Hash, database.Actor, cancellation) is var answer && answer is DeskAnswer.Reset done
            ? TypedResults.Ok(new ResetResource(done.Organizations))
            : ProblemOf(answer)!;

    private static async Task<Results<Ok<SettingsResource>, ProblemResult>> Read(
        long id, long? organization, MspDatabase database, DeskStore store, CancellationToken cancellation)
    {
        if (await store.Effective(database.Msp, id, organization, null, cancellation) is not { } settings)
            return await Lookups.NotPsa(database, id, cancellation) ?? ProblemResult.Of(ProblemCode.NotFound);
        return TypedResults.Ok(await ToJson(id, organization, settings, database, cancellation));
    }

    private static async Task<SettingsResource?> Seen(Sight sight, long? organization, CancellationToken cancellation)
    {
        var store = sight.Request.RequestServices.GetRequiredService<DeskStore>();
        return await store.Effective(sight.Connection, sight.Database.Msp, sight.Id, organization, cancellation) is { } settings
            ? await ToJson(sight.Id, organization, settings, sight.Database, cancellation)
            : null;
    }

    private static async Task<SettingsResource> ToJson(
        long id, long? organization, IReadOnlyList<EffectiveSetting> settings, MspDatabase database, CancellationToken cancellation)
    {
        var names = await Names(id, settings, database, cancellation);
        return new(id, organization, [.. settings.Select(setting => ToJson(setting, names))]);
    }

    private static ProblemResult? ProblemOf(DeskAnswer answer) => answer switch
    {
        DeskAnswer.Done => null,
        DeskAnswer.Unknown => ProblemResult.Of(ProblemCode.NotFound),
        DeskAnswer.OrganizationUnknown => ProblemResult.Of(ProblemCode.OrganizationUnknown),
        DeskAnswer.NoDesk => ProblemResult.Of(ProblemCode.IntegrationWithoutDesk),
        DeskAnswer.ListsUnread => ProblemResult.Of(ProblemCode.LookupsUnread),
        DeskAnswer.Changed => ProblemResult.Of(ProblemCode.ResetChanged),
        DeskAnswer.TooMany => ProblemResult.Of(ProblemCode.ResetTooLarge),
        DeskAnswer.Objected wrong => ProblemResult.Of(ProblemCode.SettingsInvalid, [.. wrong.Objections.Select(objection => new FieldError($"settings.{objection.Field}", objection.Sentence))]),
        _ => throw new InvalidOperationException($"A wish about settings ended with {answer.GetType().Name}."),
    };

    private static SettingResource ToJson(EffectiveSetting setting, Dictionary<(string List, string Value), string> names) => new(
        setting.Field.Name,
        setting.Choice.Synced ? setting.Choice.Value : DeskCheck.DoNotSync,
        setting.Choice.Value is { } value ? names.GetValueOrDefault((DeskListName.Of(setting.Field.List), value)) : null,
        Words.Of(setting.From));

    private static async Task<Dictionary<(string List, string Value), string>> Names(
        long integration, IEnumerable<EffectiveSetting> settings, MspDatabase database, CancellationToken cancellation)
    {
        var values = settings.Where(setting => setting.Choice.Value is not null).Select(setting => (List: DeskListName.Of(setting.Field.List), Value: setting.Choice.Value!)).Distinct().ToArray();
        var rows = await database.Rows(
            "Desk/names",
            [integration, values.Select(value => value.List).ToArray(), values.Select(value => value.Value).ToArray()],
            row => (Key: (row.GetString(0), row.GetString(1)), Name: row.IsDBNull(2) ? null : row.GetString(2)),
            cancellation);
        return rows.Where(row => row.Name is not null).ToDictionary(row => row.Key, row => row.Name!);
    }
}
