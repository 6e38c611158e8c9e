using UsageBilling.Connectors.Webhooks;
using UsageBilling.Interfaces.Webhooks;

namespace UsageBilling.Tests.System.Webhooks;

/// <summary>Signatures that others have published for the standard.</summary>
public sealed class SignatureTests
{
    [Theory]
    [InlineData("whsec_plJ3nmyCDGBKInavdOK15jsl", "msg_loFOjxBNrRLzqYUf", 1731705121, """{"event_type":"ping","data":{"success":true}}""", "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}""", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    public void A_published_example_has_its_signature(string secret, string id, long at, string body, string signature) => Assert.Equal(
        [("webhook-id", id), ("webhook-timestamp", $"{at}"), ("webhook-signature", signature)],
        WebhookSignature.Headers(new("https://example.com/", id, DateTimeOffset.FromUnixTimeSeconds(at), body, [new WebhookSecret(secret)])));

    [Fact]
    public void A_secret_shows_itself_to_nobody_who_writes_it_down()
    {
        var secret = WebhookSecret.Of(new byte[WebhookSecret.Bytes]);
        var call = new WebhookCall("https://example.com/", "msg_1", DateTimeOffset.UnixEpoch, "{}", [secret]);

        Assert.Equal("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", secret.Text);
        Assert.Equal("whsec_… WebhookCall(msg_1)", $"{secret} {call}");
    }
}
