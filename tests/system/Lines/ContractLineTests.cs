using UsageBilling.Interfaces.Vendors;
using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Lines;

/// <summary>Lines that a person adds to contracts whose PSA tells no units.</summary>
public sealed class ContractLineTests(HubFixture hub) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task A_line_is_added_once_with_what_the_psa_has_and_its_basis_may_come_later()
    {
        var contract = await Contract("bms");
        var line = new { service = "40", units = "18", from = Iso(hub.Night.AddDays(-10)), price = "3.5", cost = "2.1" };

        Assert.Equal(["40 Backup 3.50  "], await Services(contract));
        var added = await hub.Operator.Post($"/v1/contracts/{contract}/lines", line);
        Assert.Equal("201 Backup none 18 3.50 2.10 monthly advance", Said(added));
        Assert.Equal($"/v1/lines/{added.Json["id"]}", added.Location);
        Assert.Equal([$"40 Backup 3.50  {added.Json["id"]}"], await Services(contract));
        Assert.Equal("409 line_exists", (await hub.Operator.Post($"/v1/contracts/{contract}/lines", line)).Problem);

        var other = await hub.Operator.Post($"/v1/contracts/{contract}/lines", new
        {
            line.service, line.units, line.from, line.price, line.cost, name = "Backup, branch office", timing = "arrears",
            basis = new { kind = "metrics", metrics = new[] { new { product = "spanning-m365", metric = "standard_licences" } } },
        });
        Assert.Equal("201 Backup, branch office metrics 18 3.50 2.10 monthly arrears", Said(other));
        Assert.Equal(2, await hub.Sql("select count(*) from audit where action = 'line.add' and grain_id = any($1)", new[] { (long)added.Json["id"]!, (long)other.Json["id"]! }));
    }

    [Fact]
    public async Task What_cannot_be_added_is_said()
    {
        var contract = await Contract("bms");
        var address = $"/v1/contracts/{contract}/lines";
        object Line(string service = "40", string units = "18", string? from = null, string price = "3.5", object? basis = null, string? timing = null) =>
            new { service, units, from = from ?? Iso(hub.Night), price, cost = "2.1", basis, timing };

        Assert.Equal("400 validation_failed units", (await hub.Operator.Post(address, Line(units: "1.5"))).Problem);
        Assert.Equal("400 validation_failed price timing basis.kind", (await hub.Operator.Post(address, Line(price: "-1", timing: "later", basis: new { kind = "none" }))).Problem);
        Assert.Equal("422 service_unknown", (await hub.Operator.Post(address, Line(service: "99"))).Problem);
        Assert.Equal("422 date_too_old", (await hub.Operator.Post(address, Line(from: Iso(hub.Night.AddDays(-200))))).Problem);
        Assert.Equal("422 date_too_far", (await hub.Operator.Post(address, Line(from: Iso(hub.Night.AddYears(2))))).Problem);
        Assert.Equal("422 basis_invalid", (await hub.Operator.Post(address, Line(basis: new { kind = "metrics", metrics = Array.Empty<object>() }))).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Post(address, Line())).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Post(address, Line())).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Get($"/v1/contracts/{contract}/services")).Problem);
        Assert.Equal("409 lines_imported", (await hub.Operator.Post($"/v1/contracts/{await Contract("autotask")}/lines", Line())).Problem);
        await hub.Sql("update contract set period = null where id = $1", contract);
        Assert.Equal("409 contract_period_unknown", (await hub.Operator.Post(address, Line())).Problem);
        Assert.Equal(0, await hub.Sql("select count(*) from service_line where contract_id = $1", contract));
    }

    [Fact]
    public async Task The_kinds_of_psa_that_add_lines_are_those_of_which_no_units_can_be_read()
    {
        foreach (var kind in IntegrationKind.All.Where(kind => !kind.ReadsProducts))
        {
            var integration = await hub.Integration(kind.Name);
            await using var set = new UsageBilling.Connectors.ConnectorSet(new(), Hosting.Hub.Clock, new Connectors.AllPermitted());
            Assert.Equal(set.PsaLinesOf(kind.Name) is null ? 0 : 1, await hub.Sql("select adds_lines::int from integration where id = $1", integration));
            Assert.Equal(set.PsaConnector(kind.Name)!.Capabilities.ReadsUnits, set.PsaLinesOf(kind.Name) is null);
        }
    }

    private async Task<long> Contract(string kind)
    {
        var psa = await hub.Integration(kind);
        var contract = await hub.Sql(
            "insert into contract (msp_id, integration_id, account_id, remote_id, name, from_on, until_on, active, period) values ($1, $2, $3, '16001', 'Managed services', $4, $5, true, 1) returning id",
            hub.Msp.Value, psa, await hub.Account(psa), hub.Night.AddYears(-1), hub.Night.AddYears(1));
        await hub.Sql(
            "insert into psa_service (msp_id, integration_id, contract_id, remote_id, service_remote_id, name, unit_price) values ($1, $2, $3, '40001', '40', 'Backup', 3.5)",
            hub.Msp.Value, psa, contract);
        return contract;
    }

    private async Task<IEnumerable<string>> Services(long contract) => (await hub.Viewer.Get($"/v1/contracts/{contract}/services")).Json["items"]!.AsArray()
        .Select(service => $"{service!["service"]} {service["name"]} {service["price"]} {service["cost"]} {service["line_id"]}");

    private static string Said(Answer added) =>
        $"{added.Status} {added.Json["name"]} {added.Json["basis"]!["kind"]} {added.Json["units"]} {added.Json["price"]} {added.Json["cost"]} {added.Json["period"]} {added.Json["timing"]}";

    private static string Iso(DateOnly date) => BmsHub.Iso(date);
}
