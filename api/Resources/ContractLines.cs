using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>A line that the PSA shows without its units.</summary>
/// <param name="Service">The PSA's id of what it sells.</param>
/// <param name="Price">Per unit and period, as the PSA shows it; null when it does not.</param>
/// <param name="LineId">The running line of the hub that sells the same service, if any.</param>
internal sealed record PsaServiceResource(long Id, string Service, string Name, string? Price, string? Cost, string Currency, long? LineId)
{
    internal static PsaServiceResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), Amount(row, 3), Amount(row, 4), row.GetString(5), row.IsDBNull(6) ? null : row.GetInt64(6));

    private static string? Amount(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : Words.Amount(row.GetDecimal(column), row.GetString(5));
}

/// <summary>A line that a person adds to a contract of a PSA which does not tell units.</summary>
/// <param name="Service">The PSA's id of the service, one of those that an import showed.</param>
/// <param name="Units">How many the PSA has, as whole units; what changes from here on the hub tells the PSA.</param>
/// <param name="From">The day from which they count.</param>
/// <param name="Price">Per unit and period, in the msp's currency.</param>
/// <param name="Cost">Per unit and period.</param>
/// <param name="Name">What the invoice calls it; the service's name unless given. Two lines of one service have different names.</param>
/// <param name="Timing"><c>advance</c>, unless given, or <c>arrears</c>.</param>
/// <param name="Basis">What it counts; it may be chosen later.</param>
internal sealed record NewContractLine(
    string Service, string Units, DateOnly From, string Price, string Cost, string? Name = null, string? Timing = null, ChosenBasis? Basis = null) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        List<FieldError> errors = [.. Checks.Text("service", Service, 50), .. Checks.MaybeText("name", Name, 200), .. UnitsRule.Check("price", Price), .. UnitsRule.Check("cost", Cost)];
        errors.AddRange(UnitsRule.Check("units", Units));
        if (Words.Units(Units) is { } units && decimal.Truncate(units.Value) != units.Value) errors.Add(new("units", "Must be a whole number: such a PSA takes no other."));
        if (Timing is { } timing && Words.Parse<BillingTiming>(timing) is null) errors.Add(new("timing", $"Must be one of {Words.All<BillingTiming>()}."));
        if (Basis is { } basis) errors.AddRange(basis.Check().Select(error => error with { Field = $"basis.{error.Field}" }));
        return errors;
    }
}

/// <summary>Lines that people add to contracts whose PSA does not tell units.</summary>
internal static class ContractLines
{
    private const int DaysAheadMax = 366;

    public static async Task<Results<Ok<Page<PsaServiceResource>>, ProblemResult>> Services(long id, [AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        if (await database.Id("Lines/contract_exists", [id], cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        var rows = await database.Rows("Lines/services", [id, page.From(0).First, page.Rows], PsaServiceResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, service => new(service.Id, 0)));
    }

    public static async Task<Results<Created<LineResource>, ProblemResult>> Add(
        long id, NewContractLine request, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation)
    {
        var night = (await database.Night(cancellation)).Last;
        await using var transaction = await transactions.Begin(database, cancellation);
        var contract = await transaction.One("Lines/contract", [id, request.Service], ContractFacts.FromRow, cancellation);
        if (contract is null) return ProblemResult.Of(ProblemCode.NotFound);
        if (Objection(contract, request, night) is { } objection) return objection;
        if (await transaction.Id("Lines/add", ToRow(id, contract, request, night), cancellation) is not { } line) return ProblemResult.Of(ProblemCode.LineExists);
        await transaction.Audit("line.add", GrainKind.ServiceLine, line, "", $"{request.Units} units of service {request.Service} from {request.From:yyyy-MM-dd} at {request.Price}", cancellation);
        if (request.Basis is { } basis)
        {
            var chosen = await transaction.Tell(grains.Lines, line, new ServiceLineMessage.ChooseBasis(basis.ToBasis()), cancellation);
            if (TurnProblem.Of(chosen) is { } problem) return problem;
        }

        await transaction.Commit(WorkKinds.None, cancellation);
        return TypedResults.Created($"/v1/lines/{line}", (await Lines.ReadOne(database, line, cancellation))!);
    }

    private static ProblemResult? Objection(ContractFacts contract, NewContractLine request, DateOnly night)
    {
        if (!contract.AddsLines) return ProblemResult.Of(ProblemCode.LinesImported);
        if (contract.Period is null) return ProblemResult.Of(ProblemCode.ContractPeriodUnknown);
        if (contract.Service is null) return ProblemResult.Of(ProblemCode.ServiceUnknown);
        var earliest = night.AddDays(-ServiceLineGrain.DaysBackMax);
        if (request.From < earliest || request.From < contract.From)
            return ProblemResult.Of(new Verdict.Refused(RefusalCode.DateTooOld, $"The first day from which units may count is {(contract.From > earliest ? contract.From : earliest):yyyy-MM-dd}."));
        if (request.From >= contract.Until || request.From > night.AddDays(DaysAheadMax))
            return ProblemResult.Of(new Verdict.Refused(RefusalCode.DateTooFar, $"Units count from a day before the contract ends on {contract.Until:yyyy-MM-dd}, at most {DaysAheadMax} days ahead."));
        return null;
    }

    /// <summary>What the PSA has charged by itself until the end of the period that runs is not charged again, as with lines that are imported.</summary>
    private static object?[] ToRow(long contract, ContractFacts facts, NewContractLine request, DateOnly night)
    {
        var running = new BillingCadence(facts.Period!.Value, facts.From).PeriodContaining(night).Span;
        var inAdvance = request.Timing is null || Words.Parse<BillingTiming>(request.Timing) == BillingTiming.Advance;
        return
        [
            contract, request.Service, string.IsNullOrEmpty(request.Name) ? facts.Service : request.Name, Words.Units(request.Price)!.Value.Value, Words.Units(request.Cost)!.Value.Value, facts.Currency,
            (short)facts.Period.Value, facts.From, inAdvance, request.From, running.Until, Words.Units(request.Units)!.Value.Value, night,
        ];
    }

    /// <summary>What a line follows from besides the request.</summary>
    /// <param name="Service">The name of the service; null when the PSA showed none of that id.</param>
    private sealed record ContractFacts(DateOnly From, DateOnly Until, BillingPeriod? Period, bool AddsLines, string Currency, string? Service)
    {
        public static ContractFacts FromRow(NpgsqlDataReader row) => new(
            row.Date(0), row.Date(1), row.IsDBNull(2) ? null : (BillingPeriod)row.GetInt16(2), row.GetBoolean(3), row.GetString(4), row.Text(5));
    }
}
