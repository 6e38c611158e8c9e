using UsageBilling.Grains.Billing;
using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains.Billing;

public sealed class ApprovalPolicyTests
{
    private static readonly DateOnly June = new(2026, 6, 1), July = new(2026, 7, 1);

    [Theory]
    [InlineData("10", "50", "10.00/100.00", null)]
    [InlineData("10", "50", "10.01/100.00", "over_percent")]
    [InlineData("10", "9.99", "10.00/100.00", "over_amount")]
    [InlineData("10", "10", "10.00/100.00", null)]
    [InlineData("10", "10", "6/100 5/100", "over_amount")]
    [InlineData("10", "50", "1/100 11/100", "over_percent")]
    [InlineData("1000", "50", "0.01/0", "over_percent")]
    [InlineData("0", "50", "0.01/100", "over_percent")]
    [InlineData("10", null, "0.01/100", "limits_none")]
    [InlineData(null, "10", "0.01/100", "limits_none")]
    [InlineData(null, null, "0/100", null)]
    public void A_contract_needs_a_person_when_it_is_adjusted_by_more_than_either_limit(string? percent, string? amount, string periods, string? code)
    {
        var change = new ContractChange(new(7), "USD", false, Periods(periods));

        var attention = ApprovalPolicy.Judge(new(Number(percent), Number(amount)), [change]);

        Assert.Equal(code, attention.SingleOrDefault()?.Code);
    }

    [Fact]
    public void What_was_reversed_before_is_never_posted_again_without_a_person() => Assert.Equal(
        [new Attention(new(7), "USD", AttentionCode.ReversedBefore, 1m, 1000m)],
        ApprovalPolicy.Judge(new(1000m, 1000m), [new(new(7), "USD", true, Periods("1/1000"))]));

    [Fact]
    public void Each_contract_is_judged_by_itself_and_a_plan_without_adjustments_needs_nobody()
    {
        var small = new ContractChange(new(1), "USD", false, Periods("1/100"));
        var large = new ContractChange(new(2), "USD", false, Periods("60/100 5/10"));

        Assert.Equal([new Attention(new(2), "USD", AttentionCode.OverAmount, 65m, 110m)], ApprovalPolicy.Judge(new(10m, 50m), [small, large]));
        Assert.Empty(ApprovalPolicy.Judge(ApplyLimits.None, []));
    }

    private static Sequence<PeriodChange> Periods(string text) => Sequence.From(text.Split(' ').Select((period, i) =>
        new PeriodChange(i == 0 ? June : July, Number(period.Split('/')[0])!.Value, Number(period.Split('/')[1])!.Value)));

    private static decimal? Number(string? text) => text is null ? null : decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
