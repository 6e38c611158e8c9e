using UsageBilling.Grains.Alert;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Tests.Unit.Grains.Alert;

/// <summary>What becomes of tellings, one after the other.</summary>
public sealed class AlertGrainTests
{
    private static readonly DateTimeOffset Began = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    private static readonly AlertTarget Target = new(new(3), new OrganizationId(7), "175");

    private static readonly TicketTerms Terms = new("175", null, "5", null, null, null, "1", null);

    private static readonly AlertState Unheard = new(new(1), false, 0, 0, false, AlertSeverity.Information, "", [], null, null, null, null);

    [Theory]
    [InlineData("raise", "open 1")]
    [InlineData("raise raise raise", "open 1; note 1 'Raised 2 times'; note 1 'Raised 3 times'")]
    [InlineData("raise clear", "open 1; close 1")]
    [InlineData("raise clear clear", "open 1; close 1; -")]
    [InlineData("clear", "-")]
    [InlineData("raise clear raise raise clear", "open 1; close 1; open 2; note 2 'Raised 2 times'; close 2")]
    [InlineData("quiet", "-")]
    [InlineData("quiet quiet clear", "-; -; -")]
    [InlineData("quiet raise clear", "-; open 1; close 1")]
    [InlineData("raise quiet", "open 1; note 1 'Raised 2 times'")]
    [InlineData("raise clear-without-status", "open 1; note 1 'No status is set'")]
    [InlineData("raise:a raise:a raise:b raise:a clear:c clear:c", "open 1; -; note 1 'Raised 2 times'; -; close 1; -")]
    public void One_ticket_for_each_occurrence_whatever_is_told_how_often(string told, string orders)
    {
        var (state, said) = (Unheard, new List<string>());
        foreach (var word in told.Split(' ')) said.Add(Say(word, ref state));

        Assert.Equal(orders, string.Join("; ", said));
    }

    [Fact]
    public void The_state_tells_when_and_how_often()
    {
        var state = Unheard;
        foreach (var word in new[] { "raise:a", "raise:b", "clear:c" }) Say(word, ref state);

        Assert.Equal(
            new(new(1), false, 1, 1, true, AlertSeverity.High, "Disk is full", ["a", "b", "c"], Target, Began, Began.AddHours(2), Began.AddHours(2)),
            state);
    }

    [Fact]
    public void Notes_end_where_the_hub_could_not_find_its_own_any_more_and_counting_goes_on()
    {
        var state = Unheard;
        var said = Enumerable.Range(0, AlertGrain.NotesMax + 3).Select(_ => Say("raise", ref state)).ToList();

        Assert.Equal(AlertGrain.NotesMax, said.Count(order => order.StartsWith("note", StringComparison.Ordinal)));
        Assert.Equal(AlertGrain.NotesMax + 2, state.Repeats);
    }

    [Fact]
    public void Who_began_and_who_ended_an_occurrence_is_on_record_and_repeats_are_not()
    {
        var state = Unheard;
        var audits = new List<string>();
        foreach (var word in new[] { "raise", "raise", "clear", "clear", "quiet" })
        {
            Say(word, ref state, out var effects);
            audits.AddRange(effects.OfType<Effect.Audit>().Select(audit => $"{audit.Action} '{audit.Before}' '{audit.After}'"));
        }

        Assert.Equal(["alert.raised '' 'Disk is full'", "alert.cleared 'Disk is full' ''", "alert.raised '' 'Disk is filling'"], audits);
    }

    [Fact]
    public void Only_the_last_names_are_remembered()
    {
        var state = Unheard;
        for (var i = 0; i < AlertGrain.EventsMax + 5; i++) Say($"raise:{i}", ref state);

        Assert.Equal(AlertGrain.EventsMax, state.Events.Count);
        Assert.Equal("24", state.Events[^1]);
    }

    private static string Say(string word, ref AlertState state)
    {
        Say(word, ref state, out var effects);
        var orders = effects.Where(effect => effect is not Effect.Audit).Select(Words).ToList();
        return orders.Count == 0 ? "-" : string.Join(", ", orders);
    }

    private static void Say(string word, ref AlertState state, out IReadOnlyList<Effect> effects)
    {
        var parts = word.Split(':');
        var name = parts.Length == 2 ? parts[1] : null;
        AlertMessage message = parts[0] switch
        {
            "raise" => new AlertMessage.Raised(name, AlertSeverity.High, "Disk is full", "C: 0 bytes", Target, Terms),
            "quiet" => new AlertMessage.Raised(name, AlertSeverity.Low, "Disk is filling", "", Target with { AccountRemoteId = null }, null),
            "clear" => new AlertMessage.Cleared(name, "", "9"),
            _ => new AlertMessage.Cleared(name, "", null),
        };
        var hours = state.Events.Count;
        var decision = new AlertGrain().Decide(state, message, new Turn(Began.AddHours(hours), new(2026, 11, 21), HoldLimits.Default, "test"));
        Assert.Equal(Verdict.Ok, decision.Verdict);
        state = decision.State;
        effects = [.. decision.Effects];
    }

    private static string Words(Effect effect) => effect switch
    {
        Effect.OpenTicket open => $"open {open.Occurrence}",
        Effect.AddTicketNote note => $"note {note.Occurrence} '{string.Join(' ', note.Text.Split(' ').Take(note.Text.StartsWith("No", StringComparison.Ordinal) ? 4 : 3))}'",
        Effect.CloseTicket close => $"close {close.Occurrence}",
        _ => effect.ToString(),
    };
}
