using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>What a person maps is meant, however large, from the date the person said; what a source shows is still doubted.</summary>
public sealed class MappingTests
{
    [Fact]
    public void A_tenant_mapped_on_a_date_counts_from_that_date_with_what_was_read_before() => LineMonth.Tells(Lines.Of(12m), """
        day    | message                           | units | held | ledger                                    | wishes
        1 Sep  | alder is 12, map alder from 1 Sep | 12    |      |                                           |
        2 Sep  | birch is 30 unmapped              | 12    |      |                                           |
        16 Sep | map birch from 16 Sep             | 42    |      | adjustment +30 16 Sep to 30 Sep = 346.50  | 42 from 16 Sep
        20 Sep | unmap birch from 20 Sep           | 12    |      | adjustment -30 20 Sep to 30 Sep = -254.10 | 12 from 20 Sep
        20 Sep | told 20 Sep                       | 12    |      |                                           |
        """);

    [Fact]
    public void A_tenant_planned_to_join_is_awaited_by_a_line_that_hears_of_it_later()
    {
        var birch = Lines.Input(2, ("2 Sep", 30m)) with { From = Lines.Day("20 Sep"), Until = Lines.Day("25 Sep") };
        var decision = LineDecisions.Told(Lines.Of(12m).Fed(Lines.Input(1, ("1 Sep", 12m)), birch), "16 Sep");
        Assert.Equal(
            [new Effect.TellItself(Lines.Day("20 Sep"), InputCause.Mapping), new Effect.TellItself(Lines.Day("25 Sep"), InputCause.Mapping)],
            decision.Effects.OfType<Effect.TellItself>());
    }

    [Fact]
    public void A_line_in_arrears_waits_for_the_first_night_of_its_contract()
    {
        var line = Lines.Of(12m).With(terms => terms with { Timing = BillingTiming.Arrears }) with { Contract = new(Lines.Day("1 Oct"), Lines.Day("1 Jan 2027")) };
        Assert.Contains(new Effect.TellItself(Lines.Day("1 Oct"), InputCause.Reading), LineDecisions.Told(line.Fed(Lines.Input(1, ("1 Sep", 12m))), "16 Sep").Effects);
    }

    [Fact]
    public void A_change_to_the_past_carries_the_counts_that_were_accepted_after_it_along() => LineMonth.Tells(Lines.Of(12m), """
        day    | message                           | units | held | ledger                                    | wishes
        1 Sep  | alder is 12, map alder from 1 Sep | 12    |      |                                           |
        2 Sep  | birch is 30 unmapped              | 12    |      |                                           |
        10 Sep | alder 14                          | 14    |      | adjustment +2 10 Sep to 30 Sep = 32.34    | 14 from 10 Sep
        12 Sep | alder is 25                       | 14    |      |                                           |
        12 Sep | told 12 Sep, release              | 25    |      | adjustment +11 12 Sep to 30 Sep = 160.93  | 25 from 12 Sep
        20 Sep | map birch from 6 Sep              | 55    |      | adjustment +30 6 Sep to 30 Sep = 577.50   | 42 from 6 Sep; 44 from 10 Sep; 55 from 12 Sep
        21 Sep | unmap birch from 1 Sep            | 25    |      | adjustment -30 6 Sep to 30 Sep = -577.50  | 12 from 6 Sep; 14 from 10 Sep; 25 from 12 Sep
        22 Sep | map birch from 8 Sep              | 55    |      | adjustment +30 8 Sep to 30 Sep = 531.30   | 42 from 8 Sep; 44 from 10 Sep; 55 from 12 Sep
        """);

    [Fact]
    public void A_bad_night_of_the_past_stays_unbilled_when_a_mapping_walks_over_it() => LineMonth.Tells(Lines.Of(40m), """
        day    | message                           | units | held                          | ledger                                   | wishes
        1 Sep  | alder is 40, map alder from 1 Sep | 40    |                               |                                          |
        1 Sep  | birch is 10 unmapped              | 40    |                               |                                          |
        10 Sep | alder 20                          | 40    | moved_too_far 20 since 10 Sep |                                          |
        11 Sep | alder 40                          | 40    |                               |                                          |
        16 Sep | map birch from 1 Sep              | 50    |                               | adjustment +10 1 Sep to 30 Sep = 231.00  | 50 from 1 Sep
        """);

    [Fact]
    public void The_only_tenant_taken_away_leaves_zero_because_a_person_said_so() => LineMonth.Tells(Lines.Of(12m), """
        day    | message                           | units | held | ledger                                    | wishes
        1 Sep  | alder is 12, map alder from 1 Sep | 12    |      |                                           |
        5 Sep  | alder 13                          | 13    |      | adjustment +1 5 Sep to 30 Sep = 20.02     | 13 from 5 Sep
        16 Sep | unmap alder from 16 Sep           | 0     |      | adjustment -13 16 Sep to 30 Sep = -150.15 | 0 from 16 Sep
        17 Sep | map alder from 16 Sep             | 13    |      | adjustment +13 16 Sep to 30 Sep = 150.15  | 13 from 16 Sep
        18 Sep | unmap alder from 5 Sep            | 0     |      | adjustment -13 5 Sep to 30 Sep = -260.26  | 0 from 5 Sep; 0 from 16 Sep
        """);

    [Fact]
    public void A_tenant_unmapped_from_its_first_day_leaves_zero_although_no_mapping_is_left() => LineMonth.Tells(Lines.Of(12m), """
        day    | message                           | units | held | ledger                                    | wishes
        4 Sep  | alder is 16                       | 12    |      |                                           |
        5 Sep  | map alder from 5 Sep              | 16    |      | adjustment +4 5 Sep to 30 Sep = 80.08     | 16 from 5 Sep
        8 Sep  | alder 17                          | 17    |      | adjustment +1 8 Sep to 30 Sep = 17.71     | 17 from 8 Sep
        16 Sep | unmap alder from 5 Sep            | 0     |      | adjustment -16 5 Sep to 7 Sep = -36.96; adjustment -17 8 Sep to 30 Sep = -301.07 | 0 from 5 Sep; 0 from 8 Sep
        """);

    [Fact]
    public void Before_the_first_tenant_is_mapped_nothing_is_known_and_the_opening_count_stays() => LineMonth.Tells(Lines.Of(12m), """
        day    | message                           | units | held | ledger                                | wishes
        1 Sep  | contract moves                    | 12    |      |                                       |
        2 Sep  | alder is 14                       | 12    |      |                                       |
        10 Sep | map alder from 10 Sep             | 14    |      | adjustment +2 10 Sep to 30 Sep = 32.34 | 14 from 10 Sep
        11 Sep | told 1 Sep                        | 14    |      |                                       |
        """);

    [Fact]
    public void A_source_that_drops_to_zero_on_the_day_of_a_mapping_is_held() => LineMonth.Tells(Lines.Of(12m), """
        day    | message                              | units | held                           | ledger | wishes
        1 Sep  | alder is 12, map alder from 1 Sep    | 12    |                                |        |
        2 Sep  | birch is 0 unmapped                  | 12    |                                |        |
        16 Sep | alder is 0, map birch from 16 Sep    | 12    | dropped_to_zero 0 since 16 Sep |        |
        """);

    [Fact]
    public void What_a_person_maps_into_a_doubt_is_held_with_it_and_before_the_doubt_it_counts() => LineMonth.Tells(Lines.Of(40m), """
        day    | message                              | units | held                          | ledger                                   | wishes
        1 Sep  | alder is 40, map alder from 1 Sep    | 40    |                               |                                          |
        2 Sep  | birch is 30 unmapped                 | 40    |                               |                                          |
        16 Sep | alder 3                              | 40    | moved_too_far 3 since 16 Sep  |                                          |
        17 Sep | map birch from 17 Sep                | 40    | moved_too_far 33 since 16 Sep |                                          |
        18 Sep | map birch from 10 Sep                | 70    | moved_too_far 33 since 16 Sep | adjustment +30 10 Sep to 30 Sep = 485.10 | 70 from 10 Sep
        19 Sep | alder 41                             | 71    |                               | adjustment +1 19 Sep to 30 Sep = 9.24    | 71 from 19 Sep
        """);

    [Theory]
    [InlineData("16 Sep")]
    [InlineData("17 Sep")]
    public void A_tenant_that_joins_or_leaves_during_a_doubt_does_not_make_up_for_it(string joins) => LineMonth.Tells(Lines.Of(40m), $"""
        day    | message                              | units | held                           | ledger                                    | wishes
        1 Sep  | alder is 40, map alder from 1 Sep    | 40    |                                |                                           |
        2 Sep  | birch is 40 unmapped                 | 40    |                                |                                           |
        16 Sep | alder 0                              | 40    | dropped_to_zero 0 since 16 Sep |                                           |
        17 Sep | map birch from {joins}               | 40    | moved_too_far 40 since 16 Sep  |                                           |
        18 Sep | birch 41                             | 40    | moved_too_far 41 since 16 Sep  |                                           |
        19 Sep | unmap birch from {joins}             | 40    | dropped_to_zero 0 since 16 Sep |                                           |
        20 Sep | alder 39                             | 39    |                                | adjustment -1 20 Sep to 30 Sep = -8.47    | 39 from 20 Sep
        """);

    [Fact]
    public void The_first_tenant_of_a_line_is_what_its_opening_count_counted_also_when_it_is_in_doubt_at_first() => LineMonth.Tells(Lines.Of(85m), """
        day    | message                              | units | held                           | ledger                                  | wishes
        10 Sep | alder failed, map alder from 10 Sep  | 85    | read_failed since 10 Sep       |                                         |
        11 Sep | alder 30                             | 85    | moved_too_far 30 since 11 Sep  |                                         |
        12 Sep | alder 86                             | 86    |                                | adjustment +1 12 Sep to 30 Sep = 14.63  | 86 from 12 Sep
        """);

    [Fact]
    public void A_tenant_never_read_decides_nothing_neither_count_nor_hold() => LineMonth.Tells(Lines.Of(40m), """
        day    | message                              | units | held                          | ledger                                   | wishes
        1 Sep  | alder is 40, map alder from 1 Sep    | 40    |                               |                                          |
        10 Sep | map birch from 10 Sep                | 40    |                               |                                          |
        11 Sep | alder 44                             | 40    |                               |                                          |
        12 Sep | birch 3                              | 47    |                               | adjustment +7 12 Sep to 30 Sep = 102.41  | 47 from 12 Sep
        16 Sep | birch 30                             | 47    | moved_too_far 74 since 16 Sep |                                          |
        17 Sep | map cedar from 1 Sep                 | 47    | moved_too_far 74 since 16 Sep |                                          |
        18 Sep | release                              | 74    |                               | adjustment +27 16 Sep to 30 Sep = 311.85 | 74 from 16 Sep
        """);

    [Fact]
    public void Several_tenants_add_up_and_one_that_is_unread_holds_them_all() => LineMonth.Tells(Lines.Of(12m), """
        day    | message                               | units | held                    | ledger                                 | wishes
        1 Sep  | alder is 12, map alder from 1 Sep     | 12    |                         |                                        |
        2 Sep  | birch is 2, map birch from 2 Sep      | 14    |                         | adjustment +2 2 Sep to 30 Sep = 44.66  | 14 from 2 Sep
        5 Sep  | birch failed                          | 14    | read_failed since 5 Sep |                                        |
        6 Sep  | alder 15                              | 14    | read_failed since 5 Sep |                                        |
        7 Sep  | birch 2                               | 17    |                         | adjustment +3 7 Sep to 30 Sep = 55.44  | 17 from 7 Sep
        16 Sep | alder 17, birch 4                     | 21    |                         | adjustment +2 16 Sep to 30 Sep = 23.10; adjustment +2 16 Sep to 30 Sep = 23.10 | 19 from 16 Sep; 21 from 16 Sep
        """);
}
