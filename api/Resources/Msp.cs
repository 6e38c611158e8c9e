using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Versions;
using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>The msp that the key belongs to.</summary>
/// <param name="Zone">IANA name: whose dates its nights are.</param>
/// <param name="NightAt">When a night begins on its date, <c>HH:mm</c>.</param>
/// <param name="Currency">In which its lines bill.</param>
/// <param name="HoldUnits">A line may move by so many units without a hold, whatever the percentage.</param>
/// <param name="HoldPercent">A line may move by this share of its last accepted count.</param>
/// <param name="ProductDropPercent">A product's total over all tenants may fall by this share between two reads.</param>
/// <param name="MissedNightsMax">Nights that may be missed before a count is held for a look.</param>
/// <param name="ApplyPercent">A plan may change a contract by this share of its regular charge and be applied without a person; null: by nothing.</param>
/// <param name="ApplyAmount">And by this amount; both must be set.</param>
/// <param name="FourEyes">Whether a plan is applied by another key than the one that made it.</param>
/// <param name="LastNight">The last night that has begun.</param>
/// <param name="NextNightAt">When the next one begins.</param>
internal sealed record MspResource(
    long Id, string Name, string Zone, string NightAt, string Currency, string HoldUnits, string HoldPercent, string ProductDropPercent, int MissedNightsMax,
    string? ApplyPercent, string? ApplyAmount, bool FourEyes, DateOnly LastNight, DateTimeOffset NextNightAt, DateTimeOffset CreatedAt)
{
    internal static MspResource FromRow(NpgsqlDataReader row)
    {
        var (calendar, last) = MspNight.FromRow(row);
        return new(
            row.GetInt64(3), row.GetString(4), row.GetString(1), row.GetFieldValue<TimeOnly>(2).ToString("HH:mm", CultureInfo.InvariantCulture), row.GetString(5),
            Words.Number(row.GetDecimal(6)), Words.Number(row.GetDecimal(7)), Words.Number(row.GetDecimal(8)), row.GetInt32(9),
            row.IsDBNull(11) ? null : Words.Number(row.GetDecimal(11)), row.IsDBNull(12) ? null : Words.Number(row.GetDecimal(12)), row.GetBoolean(13), last, calendar.RunAt(last.AddDays(1)), row.Instant(10));
    }
}

/// <summary>What an msp is to have.</summary>
/// <param name="ApplyPercent">Null: a person applies every plan that adjusts something.</param>
/// <param name="ApplyAmount">The same.</param>
/// <param name="Currency">Absent or null keeps it; it can be changed until there are service lines.</param>
internal sealed record MspSettings(
    string Name, string Zone, string NightAt, string HoldUnits, string HoldPercent, string ProductDropPercent, int MissedNightsMax,
    string? ApplyPercent, string? ApplyAmount, bool FourEyes, string? Currency = null) : IChecked
{
    private const int TextMax = 200;
    private const int HoldPercentMax = 1000;
    private const int ApplyPercentMax = 1000;
    private const int ProductDropPercentMax = 100;
    private const int NightsMax = 31;

    public IEnumerable<FieldError> Check()
    {
        List<FieldError> errors = [.. Checks.Text("name", Name, TextMax), .. Checks.Text("zone", Zone, TextMax), .. UnitsRule.Check("hold_units", HoldUnits)];
        if (MspEntry.TimeOf(NightAt) is null) errors.Add(new("night_at", "Must be a time of day to the minute, for example \"00:30\"."));
        errors.AddRange(Percent("hold_percent", HoldPercent, HoldPercentMax));
        errors.AddRange(Percent("product_drop_percent", ProductDropPercent, ProductDropPercentMax));
        if (MissedNightsMax is < 0 or > NightsMax) errors.Add(new("missed_nights_max", $"Must be a number from 0 to {NightsMax}."));
        if (ApplyPercent is { } percent) errors.AddRange(Percent("apply_percent", percent, ApplyPercentMax));
        if (ApplyAmount is { } amount) errors.AddRange(UnitsRule.Check("apply_amount", amount));
        if (Currency is { } code && !Interfaces.Values.Currency.TryParse(code, out _)) errors.Add(new("currency", "Must be a currency of ISO 4217, for example \"USD\"."));
        return errors;
    }

    public MspEntry ToEntry() => new(
        Name.Trim(), Zone, MspEntry.TimeOf(NightAt)!.Value, Currency,
        new HoldLimits(Number(HoldUnits), Number(HoldPercent), Number(ProductDropPercent), MissedNightsMax),
        new ApplyLimits(ApplyPercent is { } percent ? Number(percent) : null, ApplyAmount is { } amount ? Number(amount) : null),
        FourEyes);

    private static decimal Number(string text) => Words.Units(text)!.Value.Value;

    /// <summary>Percentages are spelled as units are; only their range is another one.</summary>
    private static IEnumerable<FieldError> Percent(string field, string text, int most)
    {
        if (Words.Units(text) is not { } number || number.Value > most)
            yield return new(field, $"Must be a decimal string from \"0\" to \"{most}\" with at most six decimals, for example \"30\".");
    }
}

/// <summary>The caller's msp.</summary>
internal static class Msp
{
    private static readonly Versioned Version = Versioned.OfMsp<MspResource>(async (sight, cancellation) => await Read(sight.Database, cancellation));

    public static void MapMsp(this RouteGroupBuilder group)
    {
        var msp = group.MapGroup("/msp").WithTags("msp");
        msp.MapGet("", Get).Tagged();
        msp.MapGet("/proration", MspProration.Get).Tagged();
        var changes = msp.MapGroup("").RequireAuthorization(Policies.Superuser);
        changes.MapPut("", Change).Replaces(Version);
        changes.MapPut("/proration", MspProration.Change).Replaces(MspProration.Version);
    }

    private static async Task<Ok<MspResource>> Get(MspDatabase database, CancellationToken cancellation) => TypedResults.Ok(await Read(database, cancellation));

    /// <summary>Another zone or run time moves everything that waits for a night, in the same transaction.</summary>
    private static async Task<Results<Ok<MspResource>, ProblemResult>> Change(
        MspSettings request, MspDatabase database, MspSettingsStore store, CancellationToken cancellation)
    {
        if (!NightCalendar.IsZone(request.Zone))
            return ProblemResult.Of(ProblemCode.ZoneUnknown, $"'{request.Zone}' is not a time zone of the IANA database; for example America/New_York is one.");
        return await store.Change(database.Msp, request.ToEntry(), database.Actor, database.Condition.Precondition, cancellation) switch
        {
            MspAnswer.NameTaken => ProblemResult.Of(ProblemCode.NameTaken, "Another msp of this hub has this name already."),
            MspAnswer.CurrencyFixed stays => ProblemResult.Of(ProblemCode.CurrencyFixed, $"There are service lines that bill in {stays.Currency}: the currency stays."),
            _ => TypedResults.Ok(await Read(database, cancellation)),
        };
    }

    private static async Task<MspResource> Read(MspDatabase database, CancellationToken cancellation) =>
        (await database.One("Api/msp", [], MspResource.FromRow, cancellation))!;
}
