using UsageBilling.Grains.Integration;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>Whether a vendor account can be called, and how far its nights are read.</summary>
public sealed class IntegrationTests
{
    private static readonly IntegrationGrain Grain = new();
    private static readonly IntegrationState Spanning = new(new(1), true, CredentialState.Valid, null, Lines.Day("15 Sep"), 0);
    private static readonly IntegrationState Parked = Spanning with { Credentials = CredentialState.Refused, CredentialReason = "unauthorized" };
    private static readonly IntegrationMessage Unauthorized = new IntegrationMessage.CredentialsRefused(new(VendorFailureKind.Unauthorized, "unauthorized", "Wrong secret."));

    [Fact]
    public void Refused_credentials_park_the_integration_and_the_night_says_why() => Assert.Equal(
        Accepts(
            Parked,
            new Effect.FinishRuns(false, "unauthorized", "The product refused the credentials: Wrong secret."),
            new Effect.Audit("integration.parked", "Valid", "unauthorized"),
            new Effect.Forget(ReminderName.Read),
            new Effect.KeepNight(new(Lines.Day("16 Sep"), 0, 0, 0, 0, 0, "unauthorized", "The product refused the credentials: Wrong secret."))),
        Decide(Spanning, Unauthorized));

    [Fact]
    public void Credentials_that_the_psa_refuses_are_said_to_be_the_psas() => Assert.Contains(
        new Effect.FinishRuns(false, "unauthorized", "The PSA refused the credentials: Wrong secret."), Decide(Spanning with { ReadsProducts = false }, Unauthorized).Effects);

    [Fact]
    public void Refused_again_it_stays_parked_and_is_audited_once() => Assert.DoesNotContain(Decide(Parked, Unauthorized).Effects, effect => effect is Effect.Audit);

    [Fact]
    public void A_refusal_after_the_night_was_read_leaves_the_night_as_it_was()
    {
        var decision = Decide(Spanning with { NightCursor = Lines.Day("16 Sep") }, Unauthorized);
        Assert.Equal(CredentialState.Refused, decision.State.Credentials);
        Assert.DoesNotContain(decision.Effects, effect => effect is Effect.KeepNight);
    }

    [Fact]
    public void Refused_credentials_of_a_psa_touch_no_night()
    {
        var decision = Decide(Spanning with { ReadsProducts = false }, Unauthorized);
        Assert.Equal([typeof(Effect.FinishRuns), typeof(Effect.Audit)], decision.Effects.Select(effect => effect.GetType()));
    }

    [Fact]
    public void Changed_credentials_wake_what_owes_a_night_and_let_the_others_wait_for_theirs()
    {
        var untested = Spanning with { Credentials = CredentialState.Untested };
        Assert.Equal(
            Accepts(untested, new Effect.Audit("integration.credentials", "Refused", "changed"), new Effect.Remind(ReminderName.Read, Lines.At("16 Sep"))),
            Decide(Parked with { Failures = 3 }, new IntegrationMessage.CredentialsChanged()));
        Assert.Equal(
            Accepts(untested, new Effect.Audit("integration.credentials", "Valid", "changed"), new Effect.Remind(ReminderName.Read, Lines.At("16 Sep"))),
            Decide(Spanning, new IntegrationMessage.CredentialsChanged()));
        var read = untested with { NightCursor = Lines.Day("16 Sep") };
        Assert.Equal(
            Accepts(read, new Effect.Audit("integration.credentials", "Valid", "changed"), new Effect.RemindAtNight(ReminderName.Read, Lines.Day("17 Sep"))),
            Decide(read with { Credentials = CredentialState.Valid }, new IntegrationMessage.CredentialsChanged()));
    }

    [Fact]
    public void Credentials_that_work_again_wake_it_too()
    {
        var answer = new Effect.FinishRuns(true, "credentials_valid", "The vendor accepted the credentials: Contoso.");
        Assert.Equal(Accepts(Spanning, answer, new Effect.Remind(ReminderName.Read, Lines.At("16 Sep"))), Decide(Parked, new IntegrationMessage.CredentialsProved("Contoso")));
        Assert.Equal(Accepts(Spanning, answer), Decide(Spanning, new IntegrationMessage.CredentialsProved("Contoso")));
    }

    [Fact]
    public void Credentials_of_a_psa_that_changed_or_work_again_wake_its_intents()
    {
        var psa = Parked with { ReadsProducts = false };
        Assert.Contains(new Effect.WakeIntents(), Decide(psa, new IntegrationMessage.CredentialsChanged()).Effects);
        Assert.Contains(new Effect.WakeIntents(), Decide(psa, new IntegrationMessage.CredentialsProved("Contoso")).Effects);
        Assert.DoesNotContain(new Effect.WakeIntents(), Decide(psa with { Credentials = CredentialState.Valid }, new IntegrationMessage.CredentialsProved("Contoso")).Effects);
    }

    [Fact]
    public void A_requested_night_makes_the_tenants_due()
    {
        var expected = Accepts(
            Spanning, new Effect.ReadTenantsNow(Lines.Day("16 Sep")), new Effect.RemindAtNight(ReminderName.Read, Lines.Day("16 Sep")),
            new Effect.Audit("integration.night", "", $"{Lines.Day("16 Sep"):yyyy-MM-dd} is to be read"));
        Assert.Equal(expected, Decide(Spanning, new IntegrationMessage.NightRequested(null)));
        Assert.Equal(expected, Decide(Spanning, new IntegrationMessage.NightRequested(Lines.Day("16 Sep"))));
        Assert.IsType<Verdict.Accepted>(Decide(Spanning with { NightCursor = null }, new IntegrationMessage.NightRequested(null)).Verdict);
    }

    [Fact]
    public void A_requested_night_is_refused_with_its_reason()
    {
        Assert.Equal(RefusalCode.IntegrationWithoutCounts, Refusal(Spanning with { ReadsProducts = false }, null));
        Assert.Equal(RefusalCode.IntegrationParked, Refusal(Parked, null));
        Assert.Equal(RefusalCode.NightNotYet, Refusal(Spanning, "17 Sep"));
        Assert.Equal(RefusalCode.DateTooOld, Refusal(Spanning, "15 Sep"));
        Assert.Equal(RefusalCode.NightAlreadyRead, Refusal(Spanning with { NightCursor = Lines.Day("16 Sep") }, null));
    }

    [Fact]
    public void A_pass_that_read_everything_finishes_the_night()
    {
        var pass = Pass("16 Sep", unread: 0);
        Assert.Equal(
            Accepts(Spanning with { NightCursor = Lines.Day("16 Sep") }, new Effect.KeepNight(pass), new Effect.RemindAtNight(ReminderName.Read, Lines.Day("17 Sep"))),
            Decide(Spanning with { Failures = 2, Credentials = CredentialState.Untested }, new IntegrationMessage.PassEnded(pass, true)));
    }

    [Fact]
    public void A_pass_that_finds_tenants_waiting_for_another_attempt_does_not_finish_the_night()
    {
        var decision = Decide(Spanning, new IntegrationMessage.PassEnded(Pass("16 Sep", unread: 0), true, Waiting: 3));
        Assert.Equal(Spanning.NightCursor, decision.State.NightCursor);
        Assert.Contains(new Effect.KeepNight(Pass("16 Sep", unread: 0) with { Unread = 3 }), decision.Effects);
        Assert.Contains(decision.Effects, effect => effect is Effect.Remind { Name: ReminderName.Read });
    }

    [Fact]
    public void A_pass_with_unread_tenants_comes_back_later_each_time_and_gives_up_after_eight()
    {
        var (state, delays) = (Spanning, new List<double>());
        var pass = new IntegrationMessage.PassEnded(Pass("16 Sep", unread: 3), true);
        for (var attempt = 1; attempt < 8; attempt++)
        {
            var decision = Decide(state, pass);
            state = decision.State;
            delays.Add((Assert.IsType<Effect.Remind>(decision.Effects[^1]).DueAt - Lines.At("16 Sep")).TotalMinutes);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60], delays);
        Assert.Equal(Spanning with { Failures = 7 }, state);
        Assert.Equal(
            Accepts(Spanning, new Effect.KeepNight(pass.Pass), new Effect.RemindAtNight(ReminderName.Read, Lines.Day("17 Sep"))),
            Decide(state, pass));
    }

    [Fact]
    public void A_first_read_that_fails_before_any_tenant_is_known_is_tried_again()
    {
        var decision = Decide(Spanning with { NightCursor = null }, new IntegrationMessage.PassEnded(Pass("16 Sep", unread: 0) with { Due = 0, Read = 0, FailureCode = "timed_out" }, true));
        Assert.Equal((null, 1), (decision.State.NightCursor, decision.State.Failures));
        Assert.Equal(new Effect.Remind(ReminderName.Read, Lines.At("16 Sep", "01:01")), decision.Effects[^1]);
    }

    [Fact]
    public void The_cursor_moves_only_forward()
    {
        var ahead = Spanning with { NightCursor = Lines.Day("20 Sep") };
        Assert.Equal(ahead, Decide(ahead, new IntegrationMessage.PassEnded(Pass("16 Sep", unread: 0), true)).State);
    }

    [Fact]
    public void A_pass_that_only_answered_requests_writes_no_night()
    {
        var read = Spanning with { NightCursor = Lines.Day("16 Sep") };
        Assert.Equal(
            Accepts(read, new Effect.RemindAtNight(ReminderName.Read, Lines.Day("17 Sep"))),
            Decide(read, new IntegrationMessage.PassEnded(Pass("16 Sep", unread: 0), false)));
    }

    [Fact]
    public void A_requested_read_between_two_retries_does_not_finish_the_night()
    {
        var waiting = Spanning with { Failures = 3 };
        var pass = new IntegrationMessage.PassEnded(Pass("16 Sep", unread: 0) with { Due = 0, Read = 1 }, true, Waiting: 1);
        Assert.Equal(Accepts(waiting with { Failures = 4 }, new Effect.Remind(ReminderName.Read, Lines.At("16 Sep", "01:08"))), Decide(waiting, pass));
        var longest = Decide(Spanning with { Failures = 7 }, pass);
        Assert.Equal((7, new Effect.Remind(ReminderName.Read, Lines.At("16 Sep", "02:00"))), (longest.State.Failures, longest.Effects[^1]));
    }

    [Fact]
    public void A_pass_that_finds_everybody_read_finishes_the_night_that_an_earlier_one_left_incomplete()
    {
        var pass = Pass("16 Sep", unread: 0) with { Due = 0, Read = 0 };
        Assert.Equal(
            Accepts(Spanning with { NightCursor = Lines.Day("16 Sep") }, new Effect.KeepNight(pass), new Effect.RemindAtNight(ReminderName.Read, Lines.Day("17 Sep"))),
            Decide(Spanning with { Failures = 1 }, new IntegrationMessage.PassEnded(pass, true)));
    }

    [Fact]
    public void A_pass_whose_night_another_one_has_finished_meanwhile_leaves_it_finished()
    {
        var finished = Spanning with { NightCursor = Lines.Day("16 Sep") };
        Assert.Equal(
            Accepts(finished, new Effect.RemindAtNight(ReminderName.Read, Lines.Day("17 Sep"))),
            Decide(finished, new IntegrationMessage.PassEnded(Pass("16 Sep", unread: 0), true, Waiting: 2)));
        Assert.Equal(
            Accepts(finished with { Failures = 1 }, new Effect.Remind(ReminderName.Read, Lines.At("16 Sep", "01:01"))),
            Decide(finished, new IntegrationMessage.PassEnded(Pass("16 Sep", unread: 3), true)));
    }

    [Fact]
    public void A_pass_that_ends_after_the_credentials_were_refused_does_not_wake_the_integration()
    {
        var decision = Decide(Parked, new IntegrationMessage.PassEnded(Pass("16 Sep", unread: 1), true));
        Assert.Equal((CredentialState.Refused, "unauthorized"), (decision.State.Credentials, decision.State.CredentialReason));
        Assert.Equal(new Effect.Forget(ReminderName.Read), decision.Effects[^1]);
    }

    private static NightSummary Pass(string night, int unread) =>
        new(Lines.Day(night), 10, 10 - unread, unread, 2, 0, unread > 0 ? "timed_out" : null, unread > 0 ? "No answer in time." : null);

    private static Decision<IntegrationState> Decide(IntegrationState state, IntegrationMessage message) => Grain.Decide(state, message, Lines.Turn("16 Sep"));

    private static string Refusal(IntegrationState state, string? night) => Assert.IsType<Verdict.Refused>(
        Decide(state, new IntegrationMessage.NightRequested(night is null ? null : Lines.Day(night))).Verdict).Code;

    private static Decision<IntegrationState> Accepts(IntegrationState next, params Effect[] effects) => new(next, Verdict.Ok, Sequence.From(effects));
}
