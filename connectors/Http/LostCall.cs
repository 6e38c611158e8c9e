using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Http;

/// <summary>Names what went wrong when no whole answer came, and whether the request may have reached the vendor.</summary>
internal static class LostCall
{
    public static WireAnswer InTime(bool left, bool cancelled) => (left, cancelled) switch
    {
        (true, false) => Lost(VendorFailureKind.TimedOut, "no_answer_in_time", "The vendor did not answer in time.", left),
        (true, true) => Lost(VendorFailureKind.TimedOut, "cancelled_after_send", "The wait for the vendor's answer was broken off.", left),
        (false, false) => Lost(VendorFailureKind.Unreachable, "connect_timed_out", "No connection was made in time.", left),
        (false, true) => Lost(VendorFailureKind.Unreachable, "cancelled_before_send", "The call was broken off before anything was sent.", left),
    };

    public static WireAnswer TooLarge(int bytesMax)
        => Lost(VendorFailureKind.Malformed, "answer_too_large", $"The vendor's answer is longer than {bytesMax} bytes.", left: true);

    public static WireAnswer ByError(HttpRequestError error, Exception failure, bool left)
    {
        if (Caused<AddressRefusedException>(failure))
            return Lost(VendorFailureKind.AddressRefused, "address_refused", "The host leads to an address that may not be called.", left: false);
        return error switch
        {
            HttpRequestError.NameResolutionError => Lost(VendorFailureKind.Unreachable, "host_not_found", "The vendor's host was not found.", left: false),
            HttpRequestError.SecureConnectionError => Lost(VendorFailureKind.Unreachable, "tls_failed", "No secure connection to the vendor could be made.", left: false),
            HttpRequestError.ConnectionError => Lost(VendorFailureKind.Unreachable, "connect_failed", "No connection to the vendor could be made.", left: false),
            HttpRequestError.InvalidResponse => Lost(VendorFailureKind.Malformed, "answer_not_http", "The vendor's answer is not HTTP.", left),
            HttpRequestError.ConfigurationLimitExceeded => Lost(VendorFailureKind.Malformed, "headers_too_large", "The vendor's answer has too many headers.", left),
            _ => Lost(VendorFailureKind.ServerError, "connection_lost", "The connection to the vendor was lost before its answer was whole.", left),
        };
    }

    /// <summary>Whether a failure, or whatever led to it, is of a kind.</summary>
    public static bool Caused<TException>(Exception failure) where TException : Exception
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
            if (cause is TException)
                return true;
        return false;
    }

    private static WireAnswer.Lost Lost(VendorFailureKind kind, string code, string message, bool left) => new(new VendorFailure(kind, code, message), left);
}
