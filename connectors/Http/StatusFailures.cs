using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Http;

/// <summary>What an HTTP status alone means, when the vendor did not explain itself.</summary>
internal static class StatusFailures
{
    public static VendorFailure From(WireAnswer.Received answer) => answer.Status switch
    {
        401 => new(VendorFailureKind.Unauthorized, "wrong_secret", "The vendor does not accept these credentials."),
        403 => new(VendorFailureKind.Forbidden, "forbidden", "The credentials may not do this."),
        404 => new(VendorFailureKind.Rejected, "route_not_found", "The vendor does not know this address (404)."),
        405 => new(VendorFailureKind.Rejected, "method_not_allowed", "The vendor does not allow this method here (405)."),
        408 => new(VendorFailureKind.TimedOut, "vendor_timed_out", "The vendor waited too long for the request (408)."),
        429 => new(VendorFailureKind.RateLimited, "rate_limited", "The vendor allows no more calls for now (429).", answer.RetryAfterSeconds),
        >= 500 => new(VendorFailureKind.ServerError, "server_error", $"The vendor failed without saying why ({answer.Status}).", answer.RetryAfterSeconds),
        >= 400 => new(VendorFailureKind.Rejected, "vendor_refused", $"The vendor refused the request ({answer.Status})."),
        >= 300 => new(VendorFailureKind.Malformed, "redirect_refused", $"The vendor sent us elsewhere ({answer.Status}); redirects are not followed."),
        _ => new(VendorFailureKind.Malformed, "status_unexpected", $"The vendor answered with an unexpected status ({answer.Status})."),
    };
}
