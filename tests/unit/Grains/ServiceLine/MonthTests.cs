using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>Whole months, as a billing clerk would read them: 23.10 a licence and month, charged in advance unless said otherwise.</summary>
public sealed class MonthTests
{
    [Fact]
    public void A_month_of_growth_a_bad_night_and_a_real_loss() => LineMonth.Tells(Lines.Of(12m), """
        day    | message                                | units | held                                | ledger                                  | wishes
        1 Sep  | alder is 12, map alder from 1 Sep      | 12    |                                     |                                         |
        5 Sep  | alder 13                               | 13    |                                     | adjustment +1 5 Sep to 30 Sep = 20.02   | 13 from 5 Sep
        9 Sep  | alder null                             | 13    | count_missing since 9 Sep           |                                         |
        10 Sep | alder 13                               | 13    |                                     |                                         |
        12 Sep | alder 0                                | 13    | dropped_to_zero 0 since 12 Sep      |                                         |
        13 Sep | alder 13                               | 13    |                                     |                                         |
        16 Sep | alder 17                               | 17    |                                     | adjustment +4 16 Sep to 30 Sep = 46.20  | 17 from 16 Sep
        20 Sep | alder 6                                | 17    | moved_too_far 6 since 20 Sep        |                                         |
        20 Sep | 02:01 alder 6                          | 17    | moved_too_far 6 since 20 Sep, 1 agrees |                                      |
        20 Sep | 03:02 alder 6                          | 6     |                                     | adjustment -11 20 Sep to 30 Sep = -93.17 | 6 from 20 Sep
        1 Oct  | boundary                               | 6     |                                     | charge +6 1 Oct to 31 Oct = 138.60      |
        """);

    [Fact]
    public void A_month_in_arrears_is_charged_on_the_day_after_its_last_with_all_its_changes() => LineMonth.Tells(
        Lines.Of(12m).With(terms => terms with { Timing = BillingTiming.Arrears }) with { ChargedUntil = Lines.Day("1 Sep") }, """
        day    | message                                | units | held | ledger                                                              | wishes
        1 Sep  | alder is 12, map alder from 1 Sep      | 12    |      |                                                                     |
        1 Sep  | boundary                               | 12    |      |                                                                     |
        16 Sep | alder 16                               | 16    |      |                                                                     | 16 from 16 Sep
        1 Oct  | boundary                               | 16    |      | charge +12 1 Sep to 15 Sep = 138.60; charge +16 16 Sep to 30 Sep = 184.80 |
        1 Oct  | boundary                               | 16    |      |                                                                     |
        3 Oct  | alder is 17 on 25 Sep, told 25 Sep     | 17    |      | adjustment +1 25 Sep to 30 Sep = 4.62                               | 17 from 25 Sep
        1 Nov  | boundary                               | 17    |      | charge +17 1 Oct to 31 Oct = 392.70                                 |
        """);

    [Fact]
    public void A_mapping_found_late_is_charged_in_every_month_that_was_charged_without_it() => LineMonth.Tells(Lines.Of(12m), """
        day    | message                                | units | held | ledger                              | wishes
        1 Sep  | alder is 12, map alder from 1 Sep      | 12    |      |                                     |
        1 Sep  | birch is 30 unmapped                   | 12    |      |                                     |
        1 Oct  | boundary                               | 12    |      | charge +12 1 Oct to 31 Oct = 277.20 |
        16 Oct | alder 14                               | 14    |      | adjustment +2 16 Oct to 31 Oct = 23.85 | 14 from 16 Oct
        20 Oct | map birch from 16 Sep                  | 44    |      | adjustment +30 16 Sep to 30 Sep = 346.50; adjustment +30 1 Oct to 31 Oct = 693.00 | 42 from 16 Sep; 44 from 16 Oct
        20 Oct | map birch from 16 Sep                  | 44    |      |                                     |
        25 Oct | unmap birch from 1 Oct                 | 14    |      | adjustment -30 1 Oct to 31 Oct = -693.00 | 12 from 1 Oct; 14 from 16 Oct
        28 Oct | unmap birch from 1 Sep                 | 14    |      | adjustment -30 16 Sep to 30 Sep = -346.50 | 12 from 16 Sep; 12 from 1 Oct; 14 from 16 Oct
        """);

    [Fact]
    public void A_line_with_manual_units_is_charged_for_what_a_person_said() => LineMonth.Tells(Lines.Manual(5m), """
        day    | message             | units                | held | ledger                                 | wishes
        10 Sep | give 9 from 16 Sep  | 5                    |      | adjustment +4 16 Sep to 30 Sep = 46.20 | 9 from 16 Sep
        10 Sep | give 9 from 16 Sep  | 5, nothing_changed   |      |                                        |
        17 Sep | give 0 from 24 Sep  | 9                    |      | adjustment -9 24 Sep to 30 Sep = -48.51 | 0 from 24 Sep
        18 Sep | give 9 from 17 Mar  | 9, date_too_old      |      |                                        |
        18 Sep | give 9 from 1 Jan 2027 | 9, line_ended     |      |                                        |
        25 Sep | alder 30            | 0                    |      |                                        |
        1 Oct  | boundary            | 0                    |      |                                        |
        """);
}
