using System.Net;
using UsageBilling.Connectors;
using UsageBilling.Connectors.Autotask;
using UsageBilling.Connectors.Http;
using UsageBilling.Connectors.UniView;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.System.Connectors;

public sealed class AddressTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.0.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:0:53aa:64c:0:fbff:80ff:fffe")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:a00:1::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("3fff::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public async Task A_vendor_name_that_leads_to_this_address_is_refused_before_anything_is_sent(string address)
    {
        Assert.False(PublicAddress.Is(IPAddress.Parse(address)));
        var options = new ConnectorOptions { AllowLoopback = true, Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Parse(address) }) };
        await using var set = new ConnectorSet(options, new HandClock(), new AllPermitted());

        var read = await set.ProductSource("uniview")!.Read(Desk.AccessTo("https://public-api.backup.net/"), CancellationToken.None);
        var sent = await set.PsaConnector("autotask")!.ChangeUnits(Desk.AccessTo("https://webservices15.autotask.net/"), new UnitsChange("1", "2", new DateOnly(2026, 9, 16), 4), CancellationToken.None);

        var refusal = new VendorFailure(VendorFailureKind.AddressRefused, "address_refused", "The host leads to an address that may not be called.");
        Assert.Equal((0, refusal), (read.Tenants.Count, read.Failure));
        Assert.Equal(new SendOutcome.NotSent(refusal), sent);
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("100.63.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("192.167.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a01:111::1")]
    public void A_public_address_may_be_called(string address) => Assert.True(PublicAddress.Is(IPAddress.Parse(address)));

    [Fact]
    public async Task One_refused_address_in_the_answer_refuses_the_host_and_the_name_is_asked_once()
    {
        var asked = 0;
        var options = new ConnectorOptions
        {
            Resolve = (_, _) =>
            {
                asked++;
                return Task.FromResult(new[] { IPAddress.Parse("8.8.8.8"), IPAddress.Parse("10.0.0.1") });
            },
        };
        await using var set = new ConnectorSet(options, new HandClock(), new AllPermitted());

        var read = await set.ProductSource("uniview")!.Read(Desk.AccessTo("https://public-api.backup.net/"), CancellationToken.None);

        Assert.Equal(("address_refused", 1), (read.Failure!.Code, asked));
    }

    [Theory]
    [InlineData("http://webservices15.autotask.net/")]
    [InlineData("https://webservices15.autotask.net:8443/")]
    [InlineData("https://autotask.net/")]
    [InlineData("https://autotask.net.evil.test/")]
    [InlineData("https://evilautotask.net/")]
    [InlineData("https://a.b.autotask.net/")]
    [InlineData("https://webservices15.autotask.net./")]
    [InlineData("https://webservices15.autotask.net@evil.test/")]
    [InlineData("https://user:word@webservices15.autotask.net/")]
    [InlineData("https://evil.test/webservices15.autotask.net")]
    [InlineData("https://evil.test#.autotask.net/")]
    [InlineData("https://evil.test?.autotask.net/")]
    [InlineData("https://web_services.autotask.net/")]
    [InlineData("https://wébservices.autotask.net.evil.test/")]
    [InlineData("https://public-api.backup.net/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://metadata.google.internal/")]
    [InlineData("http://127.0.0.1:9100/autotask")]
    [InlineData("http://localhost:9100/autotask")]
    [InlineData("ftp://webservices15.autotask.net/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1:25/")]
    public void Autotask_may_not_be_reached_at_this_address(string address)
        => Assert.Equal("address_refused", AutotaskAddress.Rule(new ConnectorOptions()).Refusal(new Uri(address))?.Code);

    [Theory]
    [InlineData("https://webservices.autotask.net/")]
    [InlineData("https://webservices15.autotask.net/ATServicesRest/")]
    [InlineData("https://PRDE.autotask.net/")]
    public void Autotask_may_be_reached_at_this_address(string address)
        => Assert.Null(AutotaskAddress.Rule(new ConnectorOptions()).Refusal(new Uri(address)));

    [Theory]
    [InlineData("https://backup.net/")]
    [InlineData("https://portal.backup.net/")]
    [InlineData("https://public-api.backup.net.evil.test/")]
    [InlineData("http://public-api.backup.net/")]
    [InlineData("https://webservices15.autotask.net/")]
    public void UniView_may_not_be_reached_at_this_address(string address)
        => Assert.Equal("address_refused", UniViewAddress.Rule(new ConnectorOptions()).Refusal(new Uri(address))?.Code);

    [Theory]
    [InlineData("http://127.0.0.1:9100/autotask", true)]
    [InlineData("http://localhost:9100/autotask", true)]
    [InlineData("http://[::1]:9100/autotask", true)]
    [InlineData("http://127.0.0.2:9100/autotask", false)]
    [InlineData("http://10.0.0.1:9100/autotask", false)]
    [InlineData("http://localhost.evil.test:9100/autotask", false)]
    [InlineData("http://[::ffff:127.0.0.1]:9100/autotask", false)]
    [InlineData("ftp://127.0.0.1/", false)]
    public void In_development_the_loopback_is_allowed_by_three_names_and_nothing_else_is(string address, bool allowed)
        => Assert.Equal(allowed, AutotaskAddress.Rule(new ConnectorOptions { AllowLoopback = true }).Refusal(new Uri(address)) is null);

    [Fact]
    public async Task In_development_a_loopback_name_may_lead_to_the_loopback_only()
    {
        var options = new ConnectorOptions { AllowLoopback = true, Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Parse("8.8.8.8") }) };
        await using var set = new ConnectorSet(options, new HandClock(), new AllPermitted());

        var read = await set.ProductSource("uniview")!.Read(Desk.AccessTo("http://localhost:9100/uniview"), CancellationToken.None);

        Assert.Equal("address_refused", read.Failure!.Code);
    }

    [Fact]
    public async Task Without_the_development_setting_the_loopback_is_not_called()
    {
        await using var desk = new Desk(_ => Canned.Json("[]"), options => options with { AllowLoopback = false });

        var test = await desk.UniView.Test(desk.Access(), CancellationToken.None);

        Assert.Equal("address_refused", Assert.IsType<VendorAnswer<CredentialProof>.Failed>(test).Failure.Code);
        Assert.Equal(0, desk.Vendor.Connections);
    }
}
