using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>Months in which prices, terms and contracts change: 23.10 a licence and month at first, charged in advance through September.</summary>
public sealed class TermsMonthTests
{
    [Fact]
    public void A_price_changes_within_a_charged_month_back_in_time_and_ahead() => LineMonth.Tells(Lines.Manual(10m), """
        day    | message                      | units                  | held | ledger                                                                                | wishes
        10 Sep | price 26.10 from 16 Sep      | 10                     |      | adjustment -10 16 Sep to 30 Sep = -115.50; adjustment +10 16 Sep to 30 Sep = 130.50   |
        10 Sep | price 26.10 from 20 Sep      | 10, nothing_changed    |      |                                                                                       |
        12 Sep | give 12 from 16 Sep          | 10                     |      | adjustment +2 16 Sep to 30 Sep = 26.10                                                | 12 from 16 Sep
        20 Sep | price 30 from 16 Oct         | 12                     |      |                                                                                       |
        1 Oct  | boundary                     | 12                     |      | charge +12 1 Oct to 15 Oct = 151.55; charge +12 16 Oct to 31 Oct = 185.80             |
        2 Oct  | price 31 from 1 Nov          | 12                     |      |                                                                                       |
        3 Oct  | price 20 from 1 Oct          | 12                     |      | adjustment -12 1 Oct to 15 Oct = -151.54; adjustment +12 1 Oct to 15 Oct = 116.13     |
        3 Oct  | price 20 from 1 Mar          | 12, date_too_old       |      |                                                                                       |
        3 Oct  | price 20 from 1 Jan 2027     | 12, line_ended         |      |                                                                                       |
        3 Oct  | price -1 from 1 Nov          | 12, price_invalid      |      |                                                                                       |
        3 Oct  | price 0.0000001 from 1 Nov   | 12, price_invalid      |      |                                                                                       |
        1 Nov  | boundary                     | 12                     |      | charge +12 1 Nov to 30 Nov = 372.00                                                   |
        """);

    [Fact]
    public void A_price_list_holds_from_a_period_on_and_late_counts_are_charged_as_each_period_was() => LineMonth.Tells(Lines.Manual(10m), """
        day    | message                                        | units                | held | ledger                                                                               | wishes
        5 Sep  | terms graduated 10:20 20:15+30 :10 from 5 Oct  | 10                   |      |                                                                                      |
        5 Sep  | price 9 from 5 Oct                             | 10, price_tiered     |      |                                                                                      |
        1 Oct  | boundary                                       | 10                   |      | charge +10 1 Oct to 31 Oct = 200.00                                                  |
        17 Oct | give 12 from 17 Oct                            | 12                   |      | adjustment +2 17 Oct to 31 Oct = 14.52; adjustment +1 1 Oct to 31 Oct = 30.00        | 12 from 17 Oct
        18 Oct | give 11 from 16 Sep                            | 12                   |      | adjustment +1 16 Sep to 30 Sep = 11.55; adjustment +1 1 Oct to 16 Oct = 7.74         | 11 from 16 Sep; 12 from 17 Oct
        19 Oct | terms graduated 10:20 9:15 :10 from 1 Nov      | 12, tiers_invalid    |      |                                                                                      |
        19 Oct | terms graduated 10:20 20:15 from 1 Nov         | 12, tiers_invalid    |      |                                                                                      |
        19 Oct | terms volume 10:20 :15 from 1 Nov              | 12                   |      |                                                                                      |
        1 Nov  | boundary                                       | 12                   |      | charge +12 1 Nov to 30 Nov = 180.00                                                  |
        """);

    [Fact]
    public void Included_units_and_a_minimum_change_a_month_that_is_charged_already() => LineMonth.Tells(Lines.Manual(10m), """
        day    | message                                   | units                 | held | ledger                                   | wishes
        20 Sep | terms included 4 from 20 Sep              | 10                    |      | adjustment -4 1 Sep to 30 Sep = -92.40   |
        20 Sep | terms included 4 from 20 Sep              | 10, nothing_changed   |      |                                          |
        21 Sep | terms included 4 minimum 12 from 20 Sep   | 10                    |      | adjustment +2 1 Sep to 30 Sep = 46.20    | 12 from 1 Sep
        21 Sep | terms minimum 12 maximum 11 from 20 Sep   | 10, limits_inverted   |      |                                          |
        21 Sep | terms included 1000000001 from 20 Sep     | 10, units_invalid     |      |                                          |
        21 Sep | terms days Fixed30 from 20 Sep            | 10, terms_fixed       |      |                                          |
        21 Sep | terms alone from 20 Sep                   | 10, terms_fixed       |      |                                          |
        21 Sep | terms days Fixed30 from 1 Oct             | 10                    |      |                                          | 10 from 1 Oct
        1 Oct  | boundary                                  | 10                    |      | charge +10 1 Oct to 31 Oct = 231.00      |
        16 Oct | give 11 from 16 Oct                       | 11                    |      | adjustment +1 16 Oct to 31 Oct = 11.55   | 11 from 16 Oct
        """);

    [Fact]
    public void What_usage_lacks_of_a_commitment_is_charged_once_and_follows_every_count() => LineMonth.Tells(Lines.Manual(10m), """
        day    | message                                 | units                 | held | ledger                                                                              | wishes
        16 Sep | terms commitment 300 from 16 Sep        | 10                    |      | adjustment +1 1 Sep to 30 Sep = 69.00                                               |
        16 Sep | terms commitment 300 from 16 Sep        | 10, nothing_changed   |      |                                                                                     |
        16 Sep | terms commitment -1 from 16 Sep         | 10, price_invalid     |      |                                                                                     |
        16 Sep | terms commitment 1000000001 from 16 Sep | 10, price_invalid     |      |                                                                                     |
        16 Sep | give 12 from 16 Sep                     | 12                    |      | adjustment +2 16 Sep to 30 Sep = 23.10; adjustment -1 1 Sep to 30 Sep = -23.10      | 12 from 16 Sep
        17 Sep | give 16 from 1 Sep                      | 12                    |      | adjustment +6 1 Sep to 15 Sep = 69.30; adjustment -1 1 Sep to 30 Sep = -45.90       | 16 from 1 Sep; 12 from 16 Sep
        18 Sep | give 0 from 1 Sep                       | 12                    |      | adjustment -16 1 Sep to 15 Sep = -184.80; adjustment +1 1 Sep to 30 Sep = 161.40    | 0 from 1 Sep; 12 from 16 Sep
        20 Sep | terms commitment 400 from 1 Oct         | 12                    |      |                                                                                     |
        1 Oct  | boundary                                | 12                    |      | charge +12 1 Oct to 31 Oct = 277.20; charge +1 1 Oct to 31 Oct = 122.80             |
        5 Oct  | contract until 17 Oct                   | 12                    |      | adjustment -12 17 Oct to 31 Oct = -134.13; adjustment -1 1 Oct to 16 Oct = -59.42   |
        """);

    [Fact]
    public void A_late_count_before_other_bounds_wishes_the_units_of_the_bounds_too() => LineMonth.Tells(Lines.Manual(10m), """
        day    | message                       | units | held | ledger                                   | wishes
        20 Sep | terms minimum 14 from 1 Oct   | 10    |      |                                          | 14 from 1 Oct
        21 Sep | give 3 from 21 Sep            | 3     |      | adjustment -7 21 Sep to 30 Sep = -53.90  | 3 from 21 Sep; 14 from 1 Oct
        22 Sep | give 20 from 21 Sep           | 20    |      | adjustment +17 21 Sep to 30 Sep = 130.90 | 20 from 21 Sep; 20 from 1 Oct
        """);

    [Fact]
    public void A_line_that_counts_at_the_months_end_is_charged_in_advance_and_made_true_when_the_month_is_over() => LineMonth.Tells(Lines.Manual(10m), """
        day    | message                                | units | held | ledger                                                                      | wishes
        20 Sep | terms mode MonthEndLast from 1 Oct     | 10    |      |                                                                             |
        1 Oct  | boundary                               | 10    |      | charge +10 1 Oct to 31 Oct = 231.00                                         |
        10 Oct | give 14 from 10 Oct                    | 14    |      |                                                                             | 14 from 10 Oct
        12 Oct | price 30 from 1 Oct                    | 14    |      | adjustment -10 1 Oct to 31 Oct = -231.00; adjustment +10 1 Oct to 31 Oct = 300.00 |
        20 Oct | give 12 from 20 Oct                    | 12    |      |                                                                             | 12 from 20 Oct
        1 Nov  | boundary                               | 12    |      | adjustment +2 1 Oct to 31 Oct = 60.00; charge +12 1 Nov to 30 Nov = 360.00  |
        3 Nov  | give 15 from 31 Oct                    | 15    |      | adjustment +3 1 Oct to 31 Oct = 90.00                                       | 15 from 31 Oct
        1 Dec  | boundary                               | 15    |      | adjustment +3 1 Nov to 30 Nov = 90.00; charge +15 1 Dec to 31 Dec = 450.00  |
        10 Dec | give 20 from 10 Dec                    | 20    |      |                                                                             | 20 from 10 Dec
        1 Jan 2027 | boundary                           | 20    |      | adjustment +5 1 Dec to 31 Dec = 150.00                                      |
        2 Jan 2027 | boundary                           | 20    |      |                                                                             |
        """);

    [Fact]
    public void A_contract_that_ends_inside_a_charged_month_gives_the_rest_back_and_a_later_end_is_charged_again() => LineMonth.Tells(Lines.Manual(10m), """
        day    | message                    | units          | held | ledger                                  | wishes
        10 Sep | contract until 21 Sep      | 10             |      | adjustment -10 21 Sep to 30 Sep = -77.00 |
        11 Sep | contract until 26 Sep      | 10             |      | adjustment +10 21 Sep to 25 Sep = 38.50 |
        28 Sep | contract until 1 Sep       | 10             |      | adjustment -10 1 Sep to 25 Sep = -192.50 |
        28 Sep | give 11 from 2 Sep         | 10, line_ended |      |                                         |
        29 Sep | contract until 1 Jan 2027  | 10             |      | adjustment +10 1 Sep to 30 Sep = 231.00 |
        1 Oct  | boundary                   | 10             |      | charge +10 1 Oct to 31 Oct = 231.00     |
        """);

    [Fact]
    public void Closed_periods_that_a_line_may_not_reach_stay_as_they_are() => LineMonth.Tells(Lines.Of(12m), """
        day    | message                                | units             | held | ledger                                 | wishes
        1 Sep  | alder is 12, map alder from 1 Sep      | 12                |      |                                        |
        2 Sep  | terms back 0 from 2 Sep                | 12                |      |                                        |
        1 Oct  | boundary                               | 12                |      | charge +12 1 Oct to 31 Oct = 277.20    |
        3 Oct  | alder is 13 on 25 Sep, told 25 Sep     | 13                |      | adjustment +1 1 Oct to 31 Oct = 23.10  | 13 from 1 Oct
        3 Oct  | price 20 from 30 Sep                   | 13, date_too_old  |      |                                        |
        """);

    [Fact]
    public void A_line_whose_items_are_rounded_by_themselves_is_corrected_all_the_same() => LineMonth.Tells(Lines.Manual(10m), """
        day    | message                  | units | held | ledger                                   | wishes
        5 Sep  | terms alone from 1 Oct   | 10    |      |                                          |
        1 Oct  | boundary                 | 10    |      | charge +10 1 Oct to 31 Oct = 231.00      |
        16 Oct | give 11 from 16 Oct      | 11    |      | adjustment +1 16 Oct to 31 Oct = 11.92   | 11 from 16 Oct
        17 Oct | give 10 from 16 Oct      | 10    |      | adjustment -1 16 Oct to 31 Oct = -11.92  | 10 from 16 Oct
        """);
}
