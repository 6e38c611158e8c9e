using Npgsql;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Desk;

/// <summary>What tickets are opened with, read for whoever opens one.</summary>
/// <param name="effective">Says which settings hold; a rule of the trade.</param>
public sealed class EffectiveSettings(NpgsqlDataSource database, Func<DeskFacts, IReadOnlyList<EffectiveSetting>> effective)
{
    /// <summary>The settings that hold for an organization, or with null for none.</summary>
    /// <param name="account">The PSA's id of an account that is given by somebody, in the place of any other; null for none.</param>
    /// <returns>Null when the msp has no such PSA.</returns>
    public async Task<IReadOnlyList<EffectiveSetting>?> Of(MspId msp, long integration, long? organization, string? account, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, cancellation);
        return await Of(connection, msp, integration, organization, account, cancellation);
    }

    internal async Task<IReadOnlyList<EffectiveSetting>?> Of(
        NpgsqlConnection connection, MspId msp, long integration, long? organization, string? account, CancellationToken cancellation)
    {
        if (await Kind(connection, msp, integration, cancellation) is not { ReadsProducts: false } kind) return null;
        var facts = (await connection.Facts(msp, integration, kind, organization is { } id ? [id] : [], account, cancellation))[organization ?? 0];
        return effective(account is null ? facts : facts with { MappedAccount = account, Overrides = facts.Overrides.Where(own => own.Key != DeskField.Account.Name).ToDictionary() });
    }

    private static async Task<IntegrationKind?> Kind(NpgsqlConnection connection, MspId msp, long integration, CancellationToken cancellation) =>
        await connection.Rows("Desk/kind", command => command.With(msp.Value).With(integration), row => IntegrationKind.Of(row.GetString(0)), cancellation) is [{ } kind] ? kind : null;
}
