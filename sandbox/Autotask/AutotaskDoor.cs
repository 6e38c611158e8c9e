using UsageBilling.Sandbox.Autotask.Routes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask;

/// <summary>Credentials, the hourly allowance and the thread limit.</summary>
internal sealed class AutotaskDoor(CallMeter meter, ThreadSeats threads)
{
    public Admission Admit(Ask ask, VendorRoute route)
    {
        if (route.ThreadName is not { } endpoint)
            return Admission.Granted(null);
        if (!AutotaskUsers.Knows(ask.Headers["UserName"]) || ask.Headers["Secret"] != Demo.Secret)
            return Admission.Refused(AutotaskAnswers.Errors(401, "Unauthorized"));
        if (ask.Headers["ApiIntegrationCode"] != Demo.IntegrationCode)
            return Admission.Refused(AutotaskAnswers.Errors(500, "IntegrationCode is invalid."));
        if (!meter.Count())
            return Admission.Refused(AutotaskAnswers.Errors(429, $"The Autotask API request threshold of {meter.CallsMax} requests per hour has been exceeded."));
        return threads.Take(Demo.IntegrationCode, endpoint) is { } seat
            ? Admission.Granted(seat)
            : Admission.Refused(AutotaskAnswers.Errors(429, $"The Autotask API thread threshold of {threads.SeatsMax} threads has been exceeded."));
    }
}
