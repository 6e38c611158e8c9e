using System.Globalization;
using UsageBilling.Grains.Organization;
using UsageBilling.Grains.ProductTenant;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>Dated mappings of tenants and organizations: both are told the same months and must come to the same spans.</summary>
public sealed class MappingSpanTests
{
    private static readonly ProductTenantGrain Tenants = new();
    private static readonly OrganizationGrain Organizations = new();

    [Fact]
    public void Mapped_remapped_in_the_month_unmapped_and_mapped_again_to_the_past() => Tells("""
        day    | message             | answer          | mappings
        1 Sep  | 5 from 1 Sep        | ok              | 5 from 1 Sep
        1 Sep  | 5 from 1 Sep        | nothing_changed | 5 from 1 Sep
        10 Sep | 5 from 10 Sep       | nothing_changed | 5 from 1 Sep
        16 Sep | 8 from 16 Sep       | ok              | 5 from 1 Sep until 16 Sep, 8 from 16 Sep
        20 Sep | nobody from 20 Sep  | ok              | 5 from 1 Sep until 16 Sep, 8 from 16 Sep until 20 Sep
        21 Sep | nobody from 25 Sep  | nothing_changed | 5 from 1 Sep until 16 Sep, 8 from 16 Sep until 20 Sep
        22 Sep | 8 from 25 Sep       | ok              | 5 from 1 Sep until 16 Sep, 8 from 16 Sep until 20 Sep, 8 from 25 Sep
        23 Sep | 8 from 18 Sep       | ok              | 5 from 1 Sep until 16 Sep, 8 from 16 Sep until 18 Sep, 8 from 18 Sep
        24 Sep | 9 from 10 Sep       | ok              | 5 from 1 Sep until 10 Sep, 9 from 10 Sep
        25 Sep | nobody from 1 Sep   | ok              | nobody
        26 Sep | nobody from 1 Sep   | nothing_changed | nobody
        27 Sep | 5 from 5 Sep        | ok              | 5 from 5 Sep
        28 Sep | 5 from 1 Sep        | ok              | 5 from 1 Sep
        """);

    [Fact]
    public void A_mapping_may_reach_half_a_year_back_and_a_year_ahead() => Tells("""
        day    | message             | answer       | mappings
        16 Sep | 5 from 15 Mar       | date_too_old | nobody
        16 Sep | 5 from 18 Sep 2027  | date_too_far | nobody
        16 Sep | 5 from 17 Sep 2027  | ok           | 5 from 17 Sep 2027
        16 Sep | 5 from 16 Mar       | ok           | 5 from 16 Mar
        """);

    [Fact]
    public void A_tenant_tells_its_lines_from_the_date_of_the_change() => Assert.Equal(
        new Decision<ProductTenantState>(
            Tenant with { Mappings = [new(5, Lines.Day("1 Sep"), Lines.Day("16 Sep")), new(8, Lines.Day("16 Sep"), null)], MappingVersion = 2 },
            Verdict.Ok,
            [new Effect.TellLines(null, Lines.Day("16 Sep"), InputCause.Mapping), new Effect.Audit("tenant.map", "organization 5", "organization 8 from 2026-09-16")]),
        Tenants.Decide(Tenant, new ProductTenantMessage.Map(new OrganizationId(8), Lines.Day("16 Sep")), Lines.Turn("20 Sep")));

    [Fact]
    public void An_organization_tells_the_lines_of_its_accounts_from_the_date_of_the_change() => Assert.Equal(
        new Decision<OrganizationState>(
            Organization with { Mappings = [new(5, Lines.Day("1 Sep"), Lines.Day("16 Sep"))], MappingVersion = 2 },
            Verdict.Ok,
            [new Effect.TellLinesOfOrganization(Lines.Day("16 Sep")), new Effect.Audit("organization.map", "account 5", "no account from 2026-09-16")]),
        Organizations.Decide(Organization, new OrganizationMessage.Map(null, Lines.Day("16 Sep")), Lines.Turn("20 Sep")));

    [Fact]
    public void However_mappings_are_changed_they_are_in_order_and_never_overlap()
    {
        var random = new Random(20260916);
        var state = Tenant;
        for (var change = 0; change < 2_000; change++)
        {
            var target = random.Next(4) is > 0 and var organization ? new OrganizationId(organization) : (OrganizationId?)null;
            var from = Lines.Day("16 Sep").AddDays(random.Next(-100, 100));
            var decision = Tenants.Decide(state, new ProductTenantMessage.Map(target, from), Lines.Turn("16 Sep"));
            state = decision.State;
            Assert.All(state.Mappings, span => Assert.True(span.Until is not { } until || until > span.From));
            Assert.All(state.Mappings.Zip(state.Mappings.Skip(1)), pair => Assert.True(pair.First.Until <= pair.Second.From));
            for (var day = from; day < from.AddDays(200); day = day.AddDays(50))
                Assert.Equal(target?.Value, state.Mappings.SingleOrDefault(span => span.Covers(day))?.Target);
        }
    }

    private static ProductTenantState Tenant => new(new(1), "spanning-m365", [], [new(5, Lines.Day("1 Sep"), null)], 1);

    private static OrganizationState Organization => new(new(1), [new(5, Lines.Day("1 Sep"), null)], 1);

    private static void Tells(string table)
    {
        var tenant = Tenant with { Mappings = [], MappingVersion = 0 };
        var organization = Organization with { Mappings = [], MappingVersion = 0 };
        foreach (var row in table.Split('\n').Skip(1).Select(row => row.Split('|', StringSplitOptions.TrimEntries)))
        {
            var (who, from) = (row[1].Split(" from ")[0], Lines.Day(row[1].Split(" from ")[1]));
            var id = who == "nobody" ? (long?)null : long.Parse(who, CultureInfo.InvariantCulture);
            var asTenant = Tenants.Decide(tenant, new ProductTenantMessage.Map(id is { } organizationId ? new(organizationId) : null, from), Lines.Turn(row[0]));
            var asOrganization = Organizations.Decide(organization, new OrganizationMessage.Map(id is { } account ? new(account) : null, from), Lines.Turn(row[0]));
            Assert.Equal((row[2], row[3]), (Answer(asTenant.Verdict), Text(asTenant.State.Mappings)));
            Assert.Equal((row[2], row[3]), (Answer(asOrganization.Verdict), Text(asOrganization.State.Mappings)));
            Assert.Equal(row[2] == "ok" ? tenant.MappingVersion + 1 : tenant.MappingVersion, asTenant.State.MappingVersion);
            (tenant, organization) = (asTenant.State, asOrganization.State);
        }
    }

    private static string Answer(Verdict verdict) => verdict is Verdict.Refused refused ? refused.Code : "ok";

    private static string Text(Sequence<MappingSpan> spans) => spans.Count == 0 ? "nobody"
        : string.Join(", ", spans.Select(span => $"{span.Target} from {Lines.Text(span.From)}{(span.Until is { } until ? $" until {Lines.Text(until)}" : "")}"));
}
