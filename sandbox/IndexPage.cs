using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox;

/// <summary>What a person sees who opens the sandbox in a browser.</summary>
internal static class IndexPage
{
    public static Answer Answer(Ask ask) => new(200, "text/plain; charset=utf-8", $"""
        UsageBilling sandbox: pretended vendors with real protocols. Nothing here is a real account.

        Autotask PSA     {ask.Origin}/autotask/ATServicesRest/
          user           {Demo.AutotaskUser}
          secret         {Demo.Secret}
          code           {Demo.IntegrationCode}
        UniView          {ask.Origin}/uniview
          client id      {Demo.ClientId}
          client secret  {Demo.Secret}
        Kaseya BMS, US   {ask.Origin}/bms-us            company  Demo MSP
        Kaseya BMS, EMEA {ask.Origin}/bms-emea          company  Demo MSP Europe
        Vorex            {ask.Origin}/vorex             company  Demo MSP Vorex
          user           {Demo.BmsUser}
          password       {Demo.Secret}

        Control
          GET POST         /_sandbox/clock                   now | advance_seconds
          GET POST DELETE  /_sandbox/(vendor)/faults       vendor: autotask, uniview, bms-us, bms-emea or vorex
          GET              /_sandbox/(vendor)/journal
          GET              /_sandbox/(vendor)/allowance    the most calls in any hour
          GET POST         /_sandbox/(vendor)/traffic      strangers
          GET              /_sandbox/(vendor)/held?count=n
          POST             /_sandbox/uniview/domains          add
          POST DELETE      /_sandbox/uniview/domains/(id)     edit, remove

        """);
}
