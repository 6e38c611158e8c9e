using System.Globalization;
using UsageBilling.Grains.ProductTenant;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>
/// A month of one line as a table: day | message | units | held | ledger | wishes. The first two columns are played to the grain, the others
/// are what it must answer. Tenants have names: <c>alder 14</c> is a reading the line is told of, <c>alder is 14</c> one it is not;
/// further words say what is doubtful about it, <c>on 5 Sep</c> dates it back, a time comes first. Several messages are parted by commas.
/// </summary>
internal sealed class LineMonth
{
    private static readonly ServiceLineGrain Grain = new();
    private static readonly ProductTenantGrain TenantGrain = new();

    private readonly SortedList<string, ProductTenantState> tenants = [];
    private readonly SortedList<string, SortedList<DateOnly, InputReading>> readings = [];
    private readonly List<Effect> effects = [];
    private ServiceLineState line;
    private Verdict verdict = Verdict.Ok;

    private LineMonth(ServiceLineState line) => this.line = line;

    public static void Tells(ServiceLineState line, string table)
    {
        var rows = Rows(table);
        var month = new LineMonth(line);
        var (told, played) = (Text(rows), Text([rows[0], .. rows.Skip(1).Select(month.Play)]));
        if (Squeezed(told) != Squeezed(played)) Assert.Fail($"The month was told so:\n{told}\nand came out so:\n{played}");
    }

    private string[] Play(string[] row)
    {
        var day = Lines.Day(row[0]);
        effects.Clear();
        verdict = Verdict.Ok;
        foreach (var message in row[1].Split(", ")) Say(message, day);
        return [row[0], row[1], Units(day), Held(), Join<Effect.AddLedgerEntry>(effect => Ledger(effect.Entry)), Join<Effect.SetUnits>(Wish)];
    }

    private void Say(string message, DateOnly day)
    {
        var timed = TimeOnly.TryParseExact(message.Split(' ')[0], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time);
        var words = (timed ? message[6..] : message).Split(' ');
        var turn = new Turn(new(day, timed ? time : new(1, 0), TimeSpan.Zero), day, HoldLimits.Default, "clerk");
        switch (words)
        {
            case ["boundary"]: Tell(new ServiceLineMessage.BoundaryReached(), turn); break;
            case ["release"]: Tell(new ServiceLineMessage.ReleaseHold(null), turn); break;
            case ["release", var units]: Tell(new ServiceLineMessage.ReleaseHold(Lines.Units(units)), turn); break;
            case ["give", var units, "from", .. var date]: Tell(new ServiceLineMessage.GiveUnits(Lines.Units(units), Lines.Day(string.Join(' ', date))), turn); break;
            case ["told", .. var date]: Told(Lines.Day(string.Join(' ', date)), InputCause.Reading, turn); break;
            case ["contract", "moves"]: Told(day, InputCause.Mapping, turn); break;
            case ["map", var tenant, "from", .. var date]: Map(tenant, new OrganizationId(1), Lines.Day(string.Join(' ', date)), turn); break;
            case ["unmap", var tenant, "from", .. var date]: Map(tenant, null, Lines.Day(string.Join(' ', date)), turn); break;
            case [.. var reading, "on", var date, var month]: Read(reading, Lines.Day($"{date} {month}"), turn); break;
            default: Read(words, day, turn); break;
        }
    }

    private void Read(string[] words, DateOnly night, Turn turn)
    {
        var silent = words[1] == "is";
        var (units, evidence, reason) = words[silent ? 2.. : 1..] switch
        {
            ["null"] => ((Units?)null, Evidence.Partial, HoldReason.CountMissing),
            ["failed"] => (null, Evidence.Failed, HoldReason.ReadFailed),
            ["gone"] => (null, Evidence.Stale, HoldReason.TenantMissing),
            [var number, "fallen"] => (Lines.Units(number), Evidence.Partial, HoldReason.ProductTotalDrop),
            [var number, "gap"] => (Lines.Units(number), Evidence.Partial, HoldReason.GapTooLong),
            [var number, "unmapped"] => (Lines.Units(number), Evidence.Unmapped, null),
            [var number] => (Lines.Units(number), Evidence.Fresh, (string?)null),
            _ => throw new FormatException($"'{string.Join(' ', words)}' is no message of a month."),
        };
        if (!readings.ContainsKey(words[0])) readings[words[0]] = [];
        readings[words[0]][night] = new(night, units, evidence, reason, turn.At);
        if (!silent) Told(night, InputCause.Reading, turn);
    }

    private void Map(string name, OrganizationId? organization, DateOnly from, Turn turn)
    {
        var before = tenants.GetValueOrDefault(name) ?? new(new(tenants.Count + 1), "spanning-m365", [], [], 0);
        tenants[name] = TenantGrain.Decide(before, new ProductTenantMessage.Map(organization, from), turn).State;
        Told(from, InputCause.Mapping, turn);
    }

    private void Told(DateOnly from, InputCause cause, Turn turn) => Tell(new ServiceLineMessage.InputsChanged(from, cause), turn);

    private void Tell(ServiceLineMessage message, Turn turn)
    {
        var inputs = tenants.SelectMany(tenant => tenant.Value.Mappings, (tenant, span) => new LineInput(
            tenant.Value.Id, "standard_licences", span.From, span.Until, Sequence.From(readings.GetValueOrDefault(tenant.Key)?.Values ?? [])));
        var decision = Grain.Decide(line with { Inputs = Sequence.From(inputs) }, message, turn);
        (line, verdict) = (decision.State, decision.Verdict);
        effects.AddRange(decision.Effects);
    }

    private string Units(DateOnly day)
    {
        var units = line.Counts.LastOrDefault(count => count.EffectiveOn <= day)?.Units.ToString() ?? "none";
        return verdict is Verdict.Refused refused ? $"{units}, {refused.Code}" : units;
    }

    private string Held() => line.Hold is not { } hold ? ""
        : $"{hold.Reason}{(hold.Proposed is { } proposed ? $" {proposed}" : "")} since {Lines.Text(hold.Night)}{(hold.Agreeing > 0 ? $", {hold.Agreeing} agrees" : "")}";

    private string Join<T>(Func<T, string> text)
        where T : Effect => string.Join("; ", effects.OfType<T>().Select(text));

    private static string Ledger(LedgerEntry entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{entry.Kind} {entry.UnitsDelta:+0.##;-0.##} {Lines.Text(entry.Days.From)} to {Lines.Text(entry.Days.Until.AddDays(-1))} = {entry.Amount.Amount:0.00}");

    private static string Wish(Effect.SetUnits wish) => $"{wish.Desired} from {Lines.Text(wish.EffectiveOn)}";

    private static List<string[]> Rows(string table) =>
        [.. table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(row => row.Split('|').Select(cell => cell.Trim()).ToArray())];

    private static string Squeezed(string table) => table.Replace(" ", "", StringComparison.Ordinal);

    private static string Text(List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return string.Join('\n', rows.Select(row => string.Join(" | ", row.Select((cell, column) => cell.PadRight(widths[column])))));
    }
}
