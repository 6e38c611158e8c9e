using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Control;

/// <summary>The way of a request through a vendor: admitted, met by at most one fault, applied, answered or left without an answer.</summary>
internal sealed class VendorPipeline(IVendor vendor, HoldingRoom room)
{
    public IVendor Vendor { get; } = vendor;

    public FaultBoard Faults { get; } = new();

    public Traffic Traffic { get; } = new();

    /// <summary>Null means: cut the connection.</summary>
    public async Task<Answer?> Serve(Ask ask, CancellationToken clientLeaves)
    {
        using var visit = Traffic.Enter(Vendor.Endpoint(ask));
        var admission = Vendor.Admit(ask);
        if (admission.Refusal is { } refusal)
        {
            visit.TurnedAway();
            return refusal;
        }

        // the seat is free before the answer is written: a client that waits for each answer never meets the thread limit
        using var seat = admission.Seat;
        var fault = Faults.Claim(ask, Vendor.Traits(ask));
        return fault?.Kind switch
        {
            FaultKind.Unauthorized or FaultKind.Forbidden or FaultKind.RateLimited or FaultKind.ServerError or FaultKind.OkWithError =>
                Vendor.Fail(fault),
            FaultKind.TimeoutBefore => await Nothing(fault, clientLeaves),
            FaultKind.TimeoutAfter => await ApplyThenNothing(ask, fault, clientLeaves),
            FaultKind.ServerErrorAfterApply => ApplyThenFail(ask, fault),
            FaultKind.ResetAfter => ApplyThenCut(ask, fault),
            FaultKind.Slow => await HoldThenApply(ask, fault, clientLeaves),
            FaultKind.ForeignEdit => EditThenApply(ask, fault),
            _ => Vendor.Apply(ask, fault),
        };
    }

    private async Task<Answer?> Nothing(Fault fault, CancellationToken clientLeaves)
    {
        await room.Hold(fault.Hold, clientLeaves);
        return null;
    }

    private async Task<Answer?> ApplyThenNothing(Ask ask, Fault fault, CancellationToken clientLeaves)
    {
        Vendor.Apply(ask, fault);
        return await Nothing(fault, clientLeaves);
    }

    private async Task<Answer?> HoldThenApply(Ask ask, Fault fault, CancellationToken clientLeaves)
    {
        await room.Hold(fault.Hold, clientLeaves);
        return clientLeaves.IsCancellationRequested ? null : Vendor.Apply(ask, fault);
    }

    private Answer ApplyThenFail(Ask ask, Fault fault)
    {
        Vendor.Apply(ask, fault);
        return Vendor.Fail(fault);
    }

    private Answer? ApplyThenCut(Ask ask, Fault fault)
    {
        Vendor.Apply(ask, fault);
        return null;
    }

    private Answer EditThenApply(Ask ask, Fault fault)
    {
        fault.Failure = Vendor.EditByHand(fault.Asked);
        return Vendor.Apply(ask, fault);
    }
}
