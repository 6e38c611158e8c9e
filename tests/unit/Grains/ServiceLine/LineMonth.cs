using System.Globalization;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>
/// A month of one line as a table: day | message | units | held | ledger | wishes. The first two columns are played to the grain, the others
/// are what it must answer. Several messages of one row are parted by commas; <see cref="LineWorld"/> knows the words.
/// </summary>
internal static class LineMonth
{
    public static void Tells(ServiceLineState line, string table)
    {
        var rows = Rows(table);
        var world = new LineWorld(line);
        var (told, played) = (Text(rows), Text([rows[0], .. rows.Skip(1).Select(row => Play(world, row))]));
        if (Squeezed(told) != Squeezed(played)) Assert.Fail($"The month was told so:\n{told}\nand came out so:\n{played}");
    }

    private static string[] Play(LineWorld world, string[] row)
    {
        var day = Lines.Day(row[0]);
        foreach (var message in row[1].Split(", ")) world.Say(message, day);
        var effects = world.TakeEffects();
        return [row[0], row[1], Units(world, day), Held(world.Line.Hold), Join<Effect.AddLedgerEntry>(effects, effect => Ledger(effect.Entry)), Join<Effect.SetUnits>(effects, Wish)];
    }

    private static string Units(LineWorld world, DateOnly day)
    {
        var units = world.Line.Counts.LastOrDefault(count => count.EffectiveOn <= day)?.Units.ToString() ?? "none";
        return world.Verdict is Verdict.Refused refused ? $"{units}, {refused.Code}" : units;
    }

    private static string Held(Hold? held) => held is not { } hold ? ""
        : $"{hold.Reason}{(hold.Proposed is { } proposed ? $" {proposed}" : "")} since {Lines.Text(hold.Night)}{(hold.Agreeing > 0 ? $", {hold.Agreeing} agrees" : "")}";

    private static string Join<T>(IEnumerable<Effect> effects, Func<T, string> text)
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
