"""Headers of the Insee-shaped files, in their order, and the line each published rate follows."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_YEAR = 2015

_BY_SEX = ("ABC_INFCAPBEP", "ABC_CAPBEP", "ABC_BAC", "ABC_SUPBAC")
_DIPLOMAS = " ".join(f"{name}{suffix}" for suffix in ("", "_F", "_H") for name in _BY_SEX)
_DURATIONS = " ".join(f"ABC_DUR{rank}{suffix}" for suffix in ("", "_F", "_H") for rank in (1, 2, 3, 4))
_JOB_SEEKERS = (
    "ABCDE ABCDE_F ABCDE_H ABC ABC_F ABC_H ABC_RSA ABC_RSA_F ABC_RSA_H A A_F A_H ABC_25 ABC_2649 ABC_50 ABC_FR ABC_E "
    f"{_DIPLOMAS} {_DURATIONS} NOTE_PE"
)
# « ␣ » stands for the trailing space of one real header.
HEADERS = {
    "DEMO": (
        "CODGEO LIBGEO POP_MUN POP_COM_QP POP_COM LIB_COM TX_F TX_TOT_0A24 TX_F_0A24 TX_TOT_60ETPLUS TX_F_60ETPLUS IND_JEUNE "
        "TX_TOT_MEN1 TX_TOT_MEN6 TX_TOT_ET TX_F_ET NOTE_RP A PERCOU AM AI ACSSENF ACAVENF AC3ENF A_NETUD_24 A_ETUD "
        "ENF ENF_2 ENF_3_5 ENF_6_10 ENF_11_14 ENF_15_17 ENF_18_24 NOTE_CNAF"
    ),
    "IPRO_2017": (
        "CODGEO LIBGEO TX_TOT_EMPL TX_F_EMPL TX_ET_EMPL TX_TOT_EPREC TX_F_EPREC TX_ET_EPREC "
        "CA CUI CIE CIE_HS CIE_S CAE EAV CA_F CUI_F EAV_F CA_H CUI_H EAV_H NOTE_ASP "
        f"{_JOB_SEEKERS} A_N_T4 A_N1_T4 NOTE_PE_T"
    ),
    "IPRO_2021": (
        "CODGEO LIBGEO TX_TOT_EMPL TX_F_EMPL TX_ET_EMPL TX_TOT_EDLIM TX_F_EDLIM TX_ET_EDLIM "
        "CA NOTE_ASP EVOL_CA_N_E␣ NOTE_ASP_E "
        f"{_JOB_SEEKERS} EVOL_ABC_T4 EVOL_ABC_F_T4 EVOL_ABC_H_T4 EVOL_A_T4 EVOL_A_F_T4 EVOL_A_H_T4 NOTE_PE_T"
    ),
    "REVN": (
        "CODGEO LIBGEO PMIMP DECUC_Q2 DECUC_Q1 DECUC_Q3 BREV DECUC_D1 DECUC_D9 DECUC_D1D9 "
        "DISP_Q2 DISP_Q1 DISP_Q3 TP60 DISP_D1 DISP_D9 "
        "DISP_D1D9 PACT PPEN PPSOC PIMPOT PPAT NOTE_FILO C CC2S NOTE_CNAM A APPA ARSAS AAAH NOTE_CNAF"
    ),
    "EDUC": "CODGEO LIBGEO TX_NSNE_16A25 EFF_E6 RET_E6 EFF_E3 RET_E3 EFF_E0_GT RET_E0_GT EFF_E0_PRO RET_E0_PRO",
    "LOGT": (
        "CodGeo LIBGEO nbLsPls txLsRp partResVac partMenLogGrat nbPersResPrinc partResPrincSurocc txVac txVac3m txRot "
        "txLs1p txLs2p txLs3p txLs4p txLs5pp moyLoy q1Loy medLoy q3Loy"
    ),
    "RPLS": (
        "CodGeo Note nbLsPls nbLsMes txVac txVac3m txRot txLsCol txLsInd txLs1p txLs2p txLs3p txLs4p txLs5pp "
        "txLsAv49 txLs49a75 txLs76a88 txLs89a00 txLs01a13 txLsAp13 txLsPlai txLsPlusAv77 txLsPlusAp77 moyLoy q1Loy medLoy q3Loy"
    ),
}


@dataclass(frozen=True)
class Drift:
    """A rate of the quartier and of the commune in 2015, and what each gains in a year."""

    quartier: float
    commune: float
    gain_quartier: float = 0.0
    gain_commune: float = 0.0
    decimals: int = 1

    def at(self, year: int, is_commune: bool) -> float:
        start, gain = (self.commune, self.gain_commune) if is_commune else (self.quartier, self.gain_quartier)
        return start + gain * (year - FIRST_YEAR)


CENSUS_RATES = {
    "TX_F": Drift(52.1, 51.3, -0.1, 0.0),
    "TX_TOT_0A24": Drift(42.6, 31.4, -0.3, -0.1),
    "TX_F_0A24": Drift(40.1, 30.2, -0.3, -0.1),
    "TX_TOT_60ETPLUS": Drift(11.8, 21.9, 0.2, 0.4),
    "TX_F_60ETPLUS": Drift(12.9, 23.1, 0.2, 0.4),
    "IND_JEUNE": Drift(3.1, 1.2, -0.05, -0.02),
    "TX_TOT_MEN1": Drift(21.3, 24.2, 0.3, 0.2),
    "TX_TOT_MEN6": Drift(7.4, 2.1, -0.1, 0.0),
    "TX_TOT_ET": Drift(16.9, 7.3, 0.2, 0.1),
    "TX_F_ET": Drift(15.6, 7.0, 0.2, 0.1),
    "TX_TOT_EMPL": Drift(58.9, 69.2, 0.1, 0.1),
    "TX_F_EMPL": Drift(56.4, 67.3, 0.3, 0.2),
    "TX_ET_EMPL": Drift(52.3, 61.8, 0.2, 0.1),
    **{f"TX_TOT_{name}": Drift(21.2, 12.7, 0.3, 0.1) for name in ("EPREC", "EDLIM")},
    **{f"TX_F_{name}": Drift(20.3, 13.1, 0.2, 0.1) for name in ("EPREC", "EDLIM")},
    **{f"TX_ET_{name}": Drift(25.8, 16.4, 0.2, 0.1) for name in ("EPREC", "EDLIM")},
}

INCOMES = {
    "PMIMP": Drift(35, 66, 0.4, 0.2, 0),
    "DECUC_Q2": Drift(12900, 24900, 160, 330, -1),
    "DECUC_Q1": Drift(8300, 17300, 90, 210, -1),
    "DECUC_Q3": Drift(18700, 34200, 220, 450, -1),
    "BREV": Drift(47.2, 15.8, -0.3, 0.0),
    "DECUC_D1": Drift(4900, 10600, 60, 130, -1),
    "DECUC_D9": Drift(23600, 45100, 240, 560, -1),
    "DECUC_D1D9": Drift(4.8, 4.3, 0.0, 0.0),
    "DISP_Q2": Drift(15350, 25300, 240, 310, -1),
    "DISP_Q1": Drift(11900, 18600, 150, 220, -1),
    "DISP_Q3": Drift(19600, 33300, 230, 410, -1),
    "TP60": Drift(29.4, 9.8, -0.4, 0.1),
    "DISP_D1": Drift(9700, 13500, 110, 160, -1),
    "DISP_D9": Drift(23100, 43000, 250, 500, -1),
    "DISP_D1D9": Drift(2.4, 3.2, 0.0, 0.0),
    "PACT": Drift(76.9, 82.4, 0.2, 0.1),
    "PPEN": Drift(15.2, 24.6, 0.1, 0.2),
    "PPSOC": Drift(16.1, 3.3, -0.2, 0.0),
    "PIMPOT": Drift(-10.1, -20.2, 0.0, 0.1),
    "PPAT": Drift(1.9, 9.9, 0.0, 0.0),
}

EDUCATION = {
    "TX_NSNE_16A25": Drift(21.6, 11.9, -0.4, -0.1, 0),
    "EFF_E6": Drift(38, 283, 0.4, -1.5, 0),
    "RET_E6": Drift(9, 27, -0.5, -1.0, 0),
    "EFF_E3": Drift(34, 271, 0.5, 0.8, 0),
    "RET_E3": Drift(11, 49, -0.6, -2.0, 0),
    "EFF_E0_GT": Drift(15, 178, 0.5, 1.2, 0),
    "RET_E0_GT": Drift(6, 38, -0.2, -1.0, 0),
    "EFF_E0_PRO": Drift(13, 41, 0.1, 0.2, 0),
    "RET_E0_PRO": Drift(8, 21, -0.2, -0.5, 0),
}

HOUSING = {
    "txLsRp": Drift(99.4, 12.1, 0.1, 0.1),
    "partResVac": Drift(3.1, 4.9, 0.0, 0.1),
    "partMenLogGrat": Drift(1.2, 1.1),
    "nbPersResPrinc": Drift(2.9, 2.5),
    "partResPrincSurocc": Drift(19.7, 8.4, -0.1, 0.1),
}

RPLS_SHARES = {
    "txVac": Drift(1.9, 2.2, 0.1, 0.1),
    "txVac3m": Drift(1.1, 0.9, 0.0, 0.05),
    "txRot": Drift(5.2, 6.9, -0.1, -0.1),
    "txLsCol": Drift(100.0, 93.2),
    "txLsInd": Drift(0.0, 6.8),
    "txLs1p": Drift(4.0, 5.1),
    "txLs2p": Drift(9.2, 15.6),
    "txLs3p": Drift(35.3, 36.1),
    "txLs4p": Drift(41.4, 35.0),
    "txLs5pp": Drift(10.1, 8.2),
    "txLsAv49": Drift(0.0, 1.4),
    "txLs49a75": Drift(93.7, 61.3),
    "txLs76a88": Drift(6.3, 14.2),
    "txLs89a00": Drift(0.0, 9.8),
    "txLs01a13": Drift(0.0, 9.1),
    "txLsAp13": Drift(0.0, 4.2),
    "txLsPlai": Drift(0.0, 4.2),
    "txLsPlusAv77": Drift(94.0, 67.5),
    "txLsPlusAp77": Drift(6.0, 28.3),
    "moyLoy": Drift(4.55, 5.10, 0.03, 0.04, 2),
    "q1Loy": Drift(4.31, 4.52, 0.03, 0.04, 2),
    "medLoy": Drift(4.47, 4.81, 0.03, 0.04, 2),
    "q3Loy": Drift(4.60, 5.66, 0.03, 0.04, 2),
}
