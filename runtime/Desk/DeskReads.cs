using Npgsql;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Desk;

/// <summary>What settings follow from, loaded by set.</summary>
internal static class DeskReads
{
    /// <summary>The facts of each organization; the id 0 stands for none, and is always there.</summary>
    /// <param name="account">A further account whose main place matters; null for none.</param>
    public static async Task<Dictionary<long, DeskFacts>> Facts(
        this NpgsqlConnection connection, MspId msp, long integration, IntegrationKind kind, IReadOnlyCollection<long> organizations, string? account, CancellationToken cancellation)
    {
        var ids = organizations.ToArray();
        var defaults = (await connection.Rows("Desk/defaults", command => command.With(integration), row => (Field: row.GetString(0), Choice: ChoiceOf(row, 1)), cancellation))
            .ToDictionary(row => row.Field, row => row.Choice);
        var overrides = (await connection.Rows(
            "Desk/overrides", command => command.With(integration).With(ids), row => (Owner: row.GetInt64(0), Field: row.GetString(1), Choice: ChoiceOf(row, 2)), cancellation)).ToLookup(row => row.Owner);
        var night = await connection.One("Api/msp_night", command => command.With(msp.Value), NightOf, cancellation);
        var mapped = (await connection.Rows("Desk/mapped", command => command.With(integration).With(ids).With(night), row => (Owner: row.GetInt64(0), Account: row.GetString(1)), cancellation))
            .ToDictionary(row => row.Owner, row => row.Account);
        var chosen = defaults.Select(pair => (pair.Key, pair.Value)).Concat(overrides.SelectMany(own => own).Select(own => (own.Field, own.Choice))).ToList();
        var places = await connection.Places(integration, [.. ValuesOf(chosen, DeskField.Account), .. mapped.Values, .. account is null ? Array.Empty<string>() : [account]], [.. ValuesOf(chosen, DeskField.Location)], cancellation);
        return ids.Prepend(0).Distinct().ToDictionary(id => id, id => new DeskFacts(
            DeskField.Of(kind), defaults, overrides[id].ToDictionary(own => own.Field, own => own.Choice), mapped.GetValueOrDefault(id), places));
    }

    /// <summary>Whose each place is, and which place each account has by itself.</summary>
    public static async Task<DeskPlaces> Places(this NpgsqlConnection connection, long integration, string[] accounts, string[] places, CancellationToken cancellation)
    {
        var rows = await connection.Rows(
            "Desk/places", command => command.With(integration).With(accounts).With(places), row => (Place: row.GetString(0), Account: row.GetString(1), Main: row.GetBoolean(2)), cancellation);
        return new(
            rows.DistinctBy(row => row.Place).ToDictionary(row => row.Place, row => row.Account),
            rows.Where(row => row.Main).DistinctBy(row => row.Account).ToDictionary(row => row.Account, row => row.Place));
    }

    private static IEnumerable<string> ValuesOf(IEnumerable<(string Field, DeskChoice Choice)> chosen, DeskField field) =>
        chosen.Where(one => one.Field == field.Name).Select(one => one.Choice.Value).OfType<string>().Distinct();

    private static DeskChoice ChoiceOf(NpgsqlDataReader row, int column) => new(row.Text(column), row.GetBoolean(column + 1));

    private static DateOnly NightOf(NpgsqlDataReader row) => NightCalendar.Of(row.GetString(1), row.GetFieldValue<TimeOnly>(2)).NightAt(row.Instant(0));
}
