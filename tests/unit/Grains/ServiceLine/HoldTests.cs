using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>A bad read never becomes a bill: what is held, with which reason, and how a hold ends.</summary>
public sealed class HoldTests
{
    [Theory]
    [InlineData("alder null", "count_missing")]
    [InlineData("alder failed", "read_failed")]
    [InlineData("alder gone", "tenant_missing")]
    [InlineData("alder 0", "dropped_to_zero 0")]
    [InlineData("alder 20", "moved_too_far 20")]
    [InlineData("alder 36 fallen", "product_total_drop 36")]
    [InlineData("alder 42 gap", "gap_too_long 42")]
    public void A_doubtful_count_leaves_the_line_at_its_last_accepted_one_and_says_why(string read, string held) => LineMonth.Tells(Lines.Of(40m), $"""
        day    | message                           | units | held                 | ledger | wishes
        1 Sep  | alder is 40, map alder from 1 Sep | 40    |                      |        |
        16 Sep | {read}                            | 40    | {held} since 16 Sep  |        |
        16 Sep | told 16 Sep                       | 40    | {held} since 16 Sep  |        |
        1 Oct  | boundary                          | 40    | {held} since 16 Sep  | charge +40 1 Oct to 31 Oct = 924.00 |
        """);

    [Theory]
    [InlineData(4, 9, null)]
    [InlineData(4, 10, "moved_too_far 10 since 16 Sep")]
    [InlineData(16, 21, null)]
    [InlineData(16, 22, "moved_too_far 22 since 16 Sep")]
    [InlineData(16, 11, null)]
    [InlineData(16, 10, "moved_too_far 10 since 16 Sep")]
    [InlineData(100, 130, null)]
    [InlineData(100, 131, "moved_too_far 131 since 16 Sep")]
    [InlineData(100, 70, null)]
    [InlineData(100, 69, "moved_too_far 69 since 16 Sep")]
    [InlineData(5, 0, "dropped_to_zero 0 since 16 Sep")]
    [InlineData(1, 0, "dropped_to_zero 0 since 16 Sep")]
    [InlineData(0, 5, null)]
    [InlineData(0, 6, "moved_too_far 6 since 16 Sep")]
    public void A_line_moves_by_five_units_or_thirty_per_cent_and_never_to_zero(int before, int now, string? held)
    {
        var line = Lines.Of(before).Fed(Lines.Input(1, ("1 Sep", before), ("16 Sep", now)));
        var decision = LineDecisions.Told(line, "16 Sep");
        Assert.Equal(held, LineDecisions.Held(decision.State));
        Assert.Equal(held is null ? now : before, LineDecisions.UnitsOn(decision.State, "16 Sep"));
    }

    [Fact]
    public void A_release_posts_the_units_of_every_night_from_the_night_the_doubt_began() => LineMonth.Tells(Lines.Of(40m), """
        day    | message                           | units | held                               | ledger | wishes
        1 Sep  | alder is 40, map alder from 1 Sep | 40    |                                    |        |
        16 Sep | alder 60                          | 40    | moved_too_far 60 since 16 Sep      |        |
        18 Sep | alder 63                          | 40    | moved_too_far 63 since 16 Sep      |        |
        19 Sep | alder failed                      | 40    | moved_too_far 63 since 16 Sep      |        |
        20 Sep | alder 61                          | 40    | moved_too_far 61 since 16 Sep      |        |
        21 Sep | release                           | 61    |                                    | adjustment +20 16 Sep to 17 Sep = 30.80; adjustment +23 18 Sep to 19 Sep = 35.42; adjustment +21 20 Sep to 30 Sep = 177.87 | 60 from 16 Sep; 63 from 18 Sep; 61 from 20 Sep
        21 Sep | release                           | 61, hold_none |                            |        |
        22 Sep | told 16 Sep                       | 61    |                                    |        |
        """);

    [Fact]
    public void Nights_without_a_number_after_an_agreement_stay_held()
    {
        var line = Lines.Of(40m).Fed(Lines.Input(1, ("1 Sep", 40m), ("10 Sep", 20m), ("11 Sep", 20m), ("12 Sep", 20m), ("14 Sep", null)));
        var decision = LineDecisions.Decide(line, new ServiceLineMessage.InputsChanged(Lines.Day("10 Sep"), InputCause.Reading), Lines.Turn("16 Sep"));
        Assert.Equal(20m, LineDecisions.UnitsOn(decision.State, "16 Sep"));
        Assert.StartsWith("read_failed", LineDecisions.Held(decision.State), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_further_reads_an_hour_apart_release_although_the_doubtful_count_had_changed_before() => LineMonth.Tells(Lines.Of(40m), """
        day    | message                           | units | held                                    | ledger | wishes
        1 Sep  | alder is 40, map alder from 1 Sep | 40    |                                         |        |
        16 Sep | alder 60                          | 40    | moved_too_far 60 since 16 Sep           |        |
        16 Sep | 02:01 alder 60                    | 40    | moved_too_far 60 since 16 Sep, 1 agrees |        |
        17 Sep | alder 61                          | 40    | moved_too_far 61 since 16 Sep           |        |
        17 Sep | 01:30 alder 61                    | 40    | moved_too_far 61 since 16 Sep           |        |
        17 Sep | 01:59 alder 61                    | 40    | moved_too_far 61 since 16 Sep           |        |
        17 Sep | 02:00 alder 61                    | 40    | moved_too_far 61 since 16 Sep, 1 agrees |        |
        17 Sep | 02:59 alder 61                    | 40    | moved_too_far 61 since 16 Sep, 1 agrees |        |
        17 Sep | told 17 Sep                       | 40    | moved_too_far 61 since 16 Sep, 1 agrees |        |
        17 Sep | told 14 Sep                       | 40    | moved_too_far 61 since 16 Sep, 1 agrees |        |
        17 Sep | 03:00 alder 61                    | 61    |                                         | adjustment +20 16 Sep to 16 Sep = 15.40; adjustment +21 17 Sep to 30 Sep = 226.38 | 60 from 16 Sep; 61 from 17 Sep
        17 Sep | 03:00 alder 61                    | 61    |                                         |        |
        """);

    [Fact]
    public void Nights_that_agree_release_also_when_the_line_hears_of_them_together() => LineMonth.Tells(Lines.Of(40m), """
        day    | message                           | units | held | ledger                                    | wishes
        1 Sep  | alder is 40, map alder from 1 Sep | 40    |      |                                           |
        16 Sep | alder is 20                       | 40    |      |                                           |
        17 Sep | alder is 20                       | 40    |      |                                           |
        18 Sep | alder is 20, told 16 Sep          | 20    |      | adjustment -20 16 Sep to 30 Sep = -231.00 | 20 from 16 Sep
        """);

    [Fact]
    public void A_hold_withdraws_when_the_count_comes_back_within_limits_and_the_bad_nights_keep_their_count() => LineMonth.Tells(Lines.Of(40m), """
        day    | message                           | units | held                          | ledger                                 | wishes
        1 Sep  | alder is 40, map alder from 1 Sep | 40    |                               |                                        |
        16 Sep | alder 20                          | 40    | moved_too_far 20 since 16 Sep |                                        |
        17 Sep | alder 44                          | 44    |                               | adjustment +4 17 Sep to 30 Sep = 43.12 | 44 from 17 Sep
        18 Sep | told 16 Sep                       | 44    |                               |                                        |
        19 Sep | alder 22                          | 44    | moved_too_far 22 since 19 Sep |                                        |
        """);

    [Fact]
    public void A_zero_or_a_glitch_on_the_way_is_not_released_with_the_count_that_was_right() => LineMonth.Tells(Lines.Of(40m), """
        day    | message                           | units | held                            | ledger                                    | wishes
        1 Sep  | alder is 40, map alder from 1 Sep | 40    |                                 |                                           |
        16 Sep | alder 0                           | 40    | dropped_to_zero 0 since 16 Sep  |                                           |
        17 Sep | alder 3                           | 40    | moved_too_far 3 since 16 Sep    |                                           |
        18 Sep | alder 20                          | 40    | moved_too_far 20 since 16 Sep   |                                           |
        19 Sep | release                           | 20    |                                 | adjustment -20 18 Sep to 30 Sep = -200.20 | 20 from 18 Sep
        """);

    [Fact]
    public void A_person_sees_what_is_released_a_newer_zero_is_held_again() => LineMonth.Tells(Lines.Of(40m), """
        day    | message                           | units | held                            | ledger                                    | wishes
        1 Sep  | alder is 40, map alder from 1 Sep | 40    |                                 |                                           |
        16 Sep | alder 20                          | 40    | moved_too_far 20 since 16 Sep   |                                           |
        17 Sep | alder is 0, release               | 20    |                                 | adjustment -20 16 Sep to 30 Sep = -231.00 | 20 from 16 Sep
        17 Sep | told 17 Sep                       | 20    | dropped_to_zero 0 since 17 Sep  |                                           |
        18 Sep | release                           | 0     |                                 | adjustment -20 17 Sep to 30 Sep = -215.60 | 0 from 17 Sep
        19 Sep | told 17 Sep                       | 0     |                                 |                                           |
        """);

    [Fact]
    public void A_person_says_which_count_is_right_where_the_source_gives_none() => LineMonth.Tells(Lines.Of(40m), """
        day    | message                           | units                     | held                        | ledger                                   | wishes
        1 Sep  | alder is 40, map alder from 1 Sep | 40                        |                             |                                          |
        16 Sep | alder null                        | 40                        | count_missing since 16 Sep  |                                          |
        17 Sep | release                           | 40, hold_without_count    | count_missing since 16 Sep  |                                          |
        17 Sep | release 38                        | 38                        |                             | adjustment -2 16 Sep to 30 Sep = -23.10  | 38 from 16 Sep
        17 Sep | told 16 Sep, told 17 Sep          | 38                        |                             |                                          |
        18 Sep | told 18 Sep                       | 38                        | count_missing since 18 Sep  |                                          |
        18 Sep | release 0                         | 0                         |                             | adjustment -38 18 Sep to 30 Sep = -380.38 | 0 from 18 Sep
        19 Sep | alder 4                           | 4                         |                             | adjustment +4 19 Sep to 30 Sep = 36.96   | 4 from 19 Sep
        """);

    [Fact]
    public void A_number_after_nights_without_one_begins_a_doubt_of_its_own() => LineMonth.Tells(Lines.Of(40m), """
        day    | message                           | units | held                          | ledger                                    | wishes
        1 Sep  | alder is 40, map alder from 1 Sep | 40    |                               |                                           |
        16 Sep | alder failed                      | 40    | read_failed since 16 Sep      |                                           |
        17 Sep | alder gone                        | 40    | tenant_missing since 16 Sep   |                                           |
        18 Sep | alder 20                          | 40    | moved_too_far 20 since 18 Sep |                                           |
        19 Sep | release                           | 20    |                               | adjustment -20 18 Sep to 30 Sep = -200.20 | 20 from 18 Sep
        """);

    [Fact]
    public void A_count_that_was_suspected_stays_held_until_reads_agree_although_it_would_pass_today() => LineMonth.Tells(Lines.Of(40m), """
        day    | message                           | units | held                                         | ledger                                   | wishes
        1 Sep  | alder is 40, map alder from 1 Sep | 40    |                                              |                                          |
        16 Sep | alder 36 fallen                   | 40    | product_total_drop 36 since 16 Sep           |                                          |
        17 Sep | alder 36                          | 40    | product_total_drop 36 since 16 Sep, 1 agrees |                                          |
        18 Sep | alder 36                          | 36    |                                              | adjustment -4 16 Sep to 30 Sep = -46.20  | 36 from 16 Sep
        """);

    [Theory]
    [InlineData("contract moves, told 16 Sep")]
    [InlineData("told 16 Sep, contract moves")]
    public void A_tenant_first_read_after_it_was_mapped_is_compared_whichever_the_line_hears_of_first(string heard) => LineMonth.Tells(Lines.Of(40m), $"""
        day    | message                                | units | held                            | ledger | wishes
        16 Sep | 00:10 map alder from 16 Sep            | 40    |                                 |        |
        16 Sep | alder is 19, {heard}                   | 40    | moved_too_far 19 since 16 Sep   |        |
        """);
}
