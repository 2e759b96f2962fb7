"""A sample of a world: systems that nobody started, so that documents can be built and judged."""

from __future__ import annotations

from dataclasses import dataclass

from muster.documents.build import Access, Builder
from muster.documents.templates import Templates
from muster.documents.vocabulary import SERVICES
from muster.documents.worlds import WorldPlan


@dataclass(frozen=True)
class SampleTerminal:
    """A UE that does not exist."""

    mcs_ue_id: str = "ue-sample"
    instance_id: str = "urn:uuid:0f6a1b0e-3c1d-4a53-9a57-6f1c0f8e2d11"


@dataclass(frozen=True)
class SampleSystem:
    """A system with addresses like those of a run."""

    name: str
    plmn: str

    @property
    def domain(self) -> str:
        return f"{self.name}-sample.example"

    def identity(self, label: str, service: str = "mcptt") -> str:
        name = label if service == "mcptt" else f"{label}-{service.removeprefix('mc')}"
        return f"sip:{name}-sample@{self.domain}"

    @property
    def access(self) -> Access:
        web = {server: f"https://{server}.{self.domain}:8443/x" for server in ("idms", "cms")}
        return Access(
            title=f"Initial configuration of {self.domain}",
            system_id=self.identity("system"),
            domain=self.domain,
            plmn=self.plmn,
            idms_auth_endpoint=f"{web['idms']}/authorize",
            idms_token_endpoint=f"{web['idms']}/token",
            http_proxy=f"https://proxy.{self.domain}",
            kms=f"https://kms.{self.domain}:8443/k",
            cms=f"sip:cms@{self.domain}",
            gms=f"sip:gms@{self.domain}",
            group_creation_xui=self.identity("group-creation"),
            cms_xcap_root=web["cms"],
            gms_xcap_root=f"https://gms.{self.domain}:8443/g",
            servers={name: f"sip:{name}@mc.{self.domain}:5060" for name in SERVICES},
        )


def sample_builder(plan: WorldPlan, templates: Templates | None = None) -> Builder:
    """Return a builder of the plan's documents for sample systems."""
    systems = {name: SampleSystem(name, system.plmn) for name, system in plan.systems.items()}
    return Builder(plan, systems, SampleTerminal(), templates or Templates())
