using UsageBilling.Connectors;
using UsageBilling.Connectors.Bms;

namespace UsageBilling.Tests.System.Connectors.Bms;

public sealed class BmsAddressTests
{
    [Theory]
    [InlineData("bms", "https://api.bms.kaseya.com/")]
    [InlineData("bms", "https://api.bmsemea.kaseya.com/v2")]
    [InlineData("bms", "https://API.bmsapac.kaseya.com")]
    [InlineData("vorex", "https://api.vorexlogin.com/")]
    [InlineData("vorex", "https://api.vorexlogin.kaseya.com/")]
    public void A_regional_host_may_be_reached(string kind, string address) => Assert.Null(BmsAddress.Rule(kind, new ConnectorOptions()).Refusal(new Uri(address)));

    [Theory]
    [InlineData("bms", "https://api.vorexlogin.com/")]
    [InlineData("vorex", "https://api.bms.kaseya.com/")]
    [InlineData("bms", "https://bms.kaseya.com/")]
    [InlineData("bms", "https://kaseya.com/")]
    [InlineData("bms", "https://evil.kaseya.com/")]
    [InlineData("bms", "https://api.bms.kaseya.com.evil.test/")]
    [InlineData("bms", "http://api.bms.kaseya.com/")]
    [InlineData("bms", "https://api.bms.kaseya.com:8443/")]
    [InlineData("bms", "https://user@api.bms.kaseya.com/")]
    [InlineData("bms", "https://webservices15.autotask.net/")]
    [InlineData("bms", "http://127.0.0.1:9100/bms-us")]
    public void Nothing_else_may_be_reached(string kind, string address)
        => Assert.Equal("address_refused", BmsAddress.Rule(kind, new ConnectorOptions()).Refusal(new Uri(address))?.Code);

    [Theory]
    [InlineData("http://127.0.0.1:9100/bms-emea")]
    [InlineData("http://vendors:9100/vorex")]
    public void In_development_the_loopback_and_the_hosts_that_are_named_may_be_reached(string address)
        => Assert.Null(BmsAddress.Rule("vorex", new ConnectorOptions { AllowLoopback = true, DevelopmentHosts = ["vendors"] }).Refusal(new Uri(address)));

    [Theory]
    [InlineData("https://api.bms.kaseya.com", "https://api.bms.kaseya.com/v2/security/userinfo")]
    [InlineData("https://api.bms.kaseya.com/V2/", "https://api.bms.kaseya.com/v2/security/userinfo")]
    [InlineData("http://127.0.0.1:9100/bms-us/?x=1#y", "http://127.0.0.1:9100/bms-us/v2/security/userinfo")]
    public void A_base_url_may_end_before_the_version_or_in_it(string baseUrl, string address)
        => Assert.Equal(address, BmsAddress.Of(new Uri(baseUrl), "security/userinfo").AbsoluteUri);
}
