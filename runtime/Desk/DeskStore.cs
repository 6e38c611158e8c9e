using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Desk;

/// <summary>Settings of tickets: kept, changed under the integration's lock, and put on record by the commit that changes them.</summary>
public sealed class DeskStore(NpgsqlDataSource database, DeskRules rules)
{
    /// <summary>Organizations with settings of their own that one reset looks through.</summary>
    public const int OrganizationsMax = 10_000;

    /// <summary>The settings that hold for an organization, or with null for none.</summary>
    /// <param name="account">The PSA's id of an account that is given by somebody, in the place of any other; null for none.</param>
    /// <returns>Null when the msp has no such PSA.</returns>
    public Task<IReadOnlyList<EffectiveSetting>?> Effective(MspId msp, long integration, long? organization, string? account, CancellationToken cancellation) =>
        new EffectiveSettings(database, rules.Effective).Of(msp, integration, organization, account, cancellation);

    /// <summary>The same on a connection whose transaction is about the msp.</summary>
    public Task<IReadOnlyList<EffectiveSetting>?> Effective(NpgsqlConnection connection, MspId msp, long integration, long? organization, CancellationToken cancellation) =>
        new EffectiveSettings(database, rules.Effective).Of(connection, msp, integration, organization, null, cancellation);

    /// <summary>Sets what holds for all organizations; what is not named is left to the PSA.</summary>
    /// <param name="precondition">Must hold of the settings; null for nothing.</param>
    public Task<DeskAnswer> SetDefaults(
        MspId msp, long integration, IReadOnlyDictionary<string, string?> wanted, string actor, Precondition? precondition, CancellationToken cancellation) => Alone(
        msp, integration, precondition, (connection, kind) => Set(new(connection, msp, integration, kind, actor), null, wanted, cancellation), cancellation);

    /// <summary>Sets what holds for one organization instead; what is not named follows the default.</summary>
    /// <param name="precondition">Must hold of the settings; null for nothing.</param>
    public Task<DeskAnswer> SetOverrides(
        MspId msp, long integration, long organization, IReadOnlyDictionary<string, string?> wanted, string actor, Precondition? precondition, CancellationToken cancellation) => Alone(
        msp,
        integration,
        precondition,
        async (connection, kind) =>
        {
            var known = await connection.Rows("Desk/organization", command => command.With(msp.Value).With(organization), row => row.GetInt64(0), cancellation);
            return known.Count == 0 ? new DeskAnswer.OrganizationUnknown() : await Set(new(connection, msp, integration, kind, actor), organization, wanted, cancellation);
        },
        cancellation);

    /// <summary>Lets one organization follow the defaults again.</summary>
    /// <param name="precondition">Must hold of the settings; null for nothing.</param>
    public Task<DeskAnswer> ClearOverrides(MspId msp, long integration, long organization, string actor, Precondition? precondition, CancellationToken cancellation) =>
        SetOverrides(msp, integration, organization, new Dictionary<string, string?>(), actor, precondition, cancellation);

    /// <summary>What <see cref="Reset"/> would change.</summary>
    /// <returns>The plan, or why there is none.</returns>
    public async Task<(ResetPlan? Plan, DeskAnswer? Answer)> PlanReset(MspId msp, long integration, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, System.Data.IsolationLevel.RepeatableRead, cancellation);
        if (await Kind("Desk/kind", connection, msp, integration, cancellation) is not { } kind) return (null, new DeskAnswer.Unknown());
        if (kind.ReadsProducts) return (null, new DeskAnswer.NoDesk());
        return await Plan(connection, msp, integration, kind, cancellation) is { } plan ? (plan, null) : (null, new DeskAnswer.TooMany());
    }

    /// <summary>Lets every organization follow the defaults again, if that changes exactly what was looked at.</summary>
    public Task<DeskAnswer> Reset(MspId msp, long integration, string hash, string actor, CancellationToken cancellation) => Alone(
        msp,
        integration,
        null,
        async (connection, kind) =>
        {
            if (await Plan(connection, msp, integration, kind, cancellation) is not { } plan) return new DeskAnswer.TooMany();
            if (plan.Hash != hash) return new DeskAnswer.Changed();
            await using var batch = new NpgsqlBatch(connection);
            batch.Add("Desk/reset").With(msp.Value).With(integration)
                .Column(plan.Organizations, organization => organization.Id).Column(plan.Organizations, organization => WordsOf(organization)).With(actor);
            batch.AuditOf(GrainKind.Integration, msp, actor, "desk.reset", integration, string.Create(CultureInfo.InvariantCulture, $"{plan.Organizations.Count} organizations of their own"), plan.Hash);
            await batch.ExecuteNonQueryAsync(cancellation);
            return new DeskAnswer.Reset(plan.Organizations.Count);
        },
        cancellation);

    private async Task<DeskAnswer> Set(Wish wish, long? organization, IReadOnlyDictionary<string, string?> wanted, CancellationToken cancellation)
    {
        var (connection, msp, integration, kind, actor) = wish;
        if (wanted.Count > 0 && !await connection.One("Desk/has_values", command => command.With(integration), row => row.GetBoolean(0), cancellation)) return new DeskAnswer.ListsUnread();
        var facts = (await connection.Facts(msp, integration, kind, organization is { } id ? [id] : [], null, cancellation))[organization ?? 0];
        var verdict = await Judge(connection, integration, facts, organization is null, wanted, cancellation);
        if (verdict.Objections.Count > 0) return new DeskAnswer.Objected(verdict.Objections);
        // a default without a value says nothing; an override without one says that the default does not hold
        var before = organization is null ? facts.Defaults : facts.Overrides;
        var choices = verdict.Choices.Where(choice => organization is not null || choice.Value != DeskChoice.LeftToPsa).OrderBy(choice => choice.Key, StringComparer.Ordinal).ToList();
        if (WordsOf(before) == WordsOf(choices)) return new DeskAnswer.Done();
        await using var batch = new NpgsqlBatch(connection);
        var set = organization is { } owner ? batch.Add("Desk/set_overrides").With(msp.Value).With(integration).With(owner) : batch.Add("Desk/set_defaults").With(msp.Value).With(integration);
        set.Column(choices, choice => choice.Key).Column(choices, choice => choice.Value.Value).Column(choices, choice => choice.Value.Synced);
        batch.AuditOf(
            organization is null ? GrainKind.Integration : GrainKind.Organization, msp, actor, organization is null ? "desk.defaults" : "desk.override", organization ?? integration, WordsOf(before), WordsOf(choices));
        await batch.ExecuteNonQueryAsync(cancellation);
        return new DeskAnswer.Done();
    }

    /// <summary>The location must be a place of the account that will hold with these very settings.</summary>
    private async Task<DeskVerdict> Judge(
        NpgsqlConnection connection, long integration, DeskFacts facts, bool common, IReadOnlyDictionary<string, string?> wanted, CancellationToken cancellation)
    {
        var values = Named(facts.Fields, wanted).ToList();
        var known = await connection.Rows(
            "Desk/known",
            command => command.With(integration).Column(values, value => value.Field).Column(values, value => value.List).Column(values, value => value.Value),
            row => (Field: row.GetString(0), Value: row.GetString(1)),
            cancellation);
        var places = await connection.Places(integration, [], [.. values.Where(value => value.Field == DeskField.Location.Name).Select(value => value.Value)], cancellation);
        var account = wanted.GetValueOrDefault(DeskField.Account.Name)
            ?? (common ? null : facts.MappedAccount ?? facts.Defaults.GetValueOrDefault(DeskField.Account.Name).Value);
        return rules.Check(facts.Fields, wanted, known.ToHashSet(), account, places);
    }

    /// <summary>The values that are wanted for fields there are, with the list that each must be in.</summary>
    private static IEnumerable<(string Field, string List, string Value)> Named(IReadOnlyList<DeskField> fields, IReadOnlyDictionary<string, string?> wanted)
    {
        foreach (var field in fields)
            if (wanted.GetValueOrDefault(field.Name) is { } value) yield return (field.Name, DeskListName.Of(field.List), value);
    }

    private async Task<ResetPlan?> Plan(NpgsqlConnection connection, MspId msp, long integration, IntegrationKind kind, CancellationToken cancellation)
    {
        var overriding = await connection.Rows(
            "Desk/overriding", command => command.With(integration).With(OrganizationsMax + 1), row => (Id: row.GetInt64(0), Name: row.GetString(1)), cancellation);
        if (overriding.Count > OrganizationsMax) return null;
        var facts = await connection.Facts(msp, integration, kind, [.. overriding.Select(organization => organization.Id)], null, cancellation);
        List<ResetOrganization> organizations = [.. overriding.Select(organization => new ResetOrganization(organization.Id, organization.Name, Changes(facts[organization.Id])))];
        return new(HashOf(integration, organizations), organizations);
    }

    /// <summary>What is overridden follows the default from then on, even where that says the same today.</summary>
    private List<SettingChange> Changes(DeskFacts facts) =>
    [
        .. rules.Effective(facts).Zip(rules.WithoutOverrides(facts), (before, after) => new SettingChange(before, after))
            .Where(change => change.Before != change.After || facts.Overrides.ContainsKey(change.Before.Field.Name)),
    ];

    private static string HashOf(long integration, List<ResetOrganization> organizations)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"integration {integration}\n"));
        foreach (var organization in organizations)
        {
            text.Append(CultureInfo.InvariantCulture, $"organization {organization.Id}\n");
            foreach (var change in organization.Changes) text.Append(CultureInfo.InvariantCulture, $"{change.Before.Field.Name} {Said(change.Before)} {Said(change.After)}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string Said(EffectiveSetting setting) => $"{setting.From} {Word(setting.Choice)}";

    private static string WordsOf(ResetOrganization organization) =>
        WordsOf(organization.Changes.Where(change => change.Before.From == SettingSource.Override).Select(change => KeyValuePair.Create(change.Before.Field.Name, change.Before.Choice)));

    private static string WordsOf(IEnumerable<KeyValuePair<string, DeskChoice>> choices) =>
        string.Join(", ", choices.OrderBy(choice => choice.Key, StringComparer.Ordinal).Select(choice => $"{choice.Key} {Word(choice.Value)}"));

    private static string Word(DeskChoice choice) => !choice.Synced ? "do_not_sync" : choice.Value is { } value ? $"'{value}'" : "left to the PSA";

    private static async Task<IntegrationKind?> Kind(string sql, NpgsqlConnection connection, MspId msp, long integration, CancellationToken cancellation)
    {
        var kinds = await connection.Rows(sql, command => command.With(msp.Value).With(integration), row => row.GetString(0), cancellation);
        return kinds.Count == 0 ? null : IntegrationKind.Of(kinds[0]) ?? throw new InvalidOperationException($"There is no kind of integration called '{kinds[0]}'.");
    }

    private async Task<DeskAnswer> Alone(
        MspId msp, long integration, Precondition? precondition, Func<NpgsqlConnection, IntegrationKind, Task<DeskAnswer>> change, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, cancellation);
        if (await Kind("Desk/lock", connection, msp, integration, cancellation) is not { } kind) return new DeskAnswer.Unknown();
        if (kind.ReadsProducts) return new DeskAnswer.NoDesk();
        if (precondition is not null) await precondition(connection, cancellation);
        var answer = await change(connection, kind);
        if (answer is DeskAnswer.Done or DeskAnswer.Reset) await transaction.CommitAsync(cancellation);
        return answer;
    }

    private sealed record Wish(NpgsqlConnection Connection, MspId Msp, long Integration, IntegrationKind Kind, string Actor);
}
