/** Where the numbers of the tissue table come from. */
export const REFERENCES = {
  wright2008:
    'Wright et al., MAGMA 21:121 (2008): T1 by MPRAGE; white 646/838, cortex 1197/1607, putamen 1084/1332, caudate 1109/1395 ms at 1.5/3 T',
  gelman1999:
    'Gelman et al., Radiology 210:759 (1999), PMID 10207479, 3 T: R2 and R2′ of white matter 18.0 and 3.9 /s, cortex 14.4 and 3.4, pallidum 25.8 and 12.0; R2 = 12.7 /s and R2′ = 2.2 /s without iron, both linear in iron',
  hallgren1958:
    'Hallgren & Sourander, J Neurochem 3:41 (1958): iron in mg/100 g, put into the linear relation of Gelman 1999 anchored at the pallidum',
  cox2010:
    'Cox & Gowland, Magn Reson Med (2010), PMID 20593370: T2 at 1.5/3 T of white matter 80/71 and frontal cortex 87/76 ms; the ratio carries 3 T values to 1.5 T',
  stanisz2005: 'Stanisz et al., Magn Reson Med 54:507 (2005): muscle and blood at 1.5 and 3 T',
  rooney2007: 'Rooney et al., Magn Reson Med 57:308 (2007): T1 of CSF is independent of the field',
  spijkerman2018: 'Spijkerman et al., MAGMA 31:415 (2018): T2 of CSF at 3 T',
  bazelaire2004: 'de Bazelaire et al., Radiology 230:652 (2004): subcutaneous fat and vertebral marrow at 1.5 and 3 T',
  tofts2003: 'Tofts, Quantitative MRI of the Brain (2003), ch. 4: proton density relative to water',
  deblank2019:
    'de Blank et al., MR fingerprinting of childhood and young adult brain tumours (2019), 3 T: high-grade tumour T1 1863, T2 90, peritumoral white matter 1261 ± 359 and 65 ± 51 against contralateral 933 and 38 ms; the ratios are applied to the white matter of this table',
  techawiboonwong2008:
    'Techawiboonwong et al., Radiology 248:824 (2008): cortical bone, T2* below 1 ms, water about 20 %',
  hopkins1997: 'Hopkins & Wehrli, Magn Reson Med 37:494 (1997): cortical bone −8.86 ppm, against water −9.05 ppm',
  schenck1996: 'Schenck, Med Phys 23:815 (1996): air +0.36 ppm, water −9.05 ppm, fat near −8.4 ppm',
  langkammer2012: 'Langkammer et al., NeuroImage 62:1593 (2012): susceptibility of deep grey nuclei follows iron',
  spees2001: 'Spees et al., Magn Reson Med 45:533 (2001): deoxygenated blood, Δχ = 0.27·4π ppm · Hct · (1 − Y)',
  mcauley2011:
    'McAuley et al., J Magn Reson Imaging 33:102 (2011): microbleeds, order of 1 ppm over their visible core',
  schweser2010: 'Schweser et al., Med Phys 37:5165 (2010): intracranial calcifications, about −1 to −3 ppm',
  szomolanyi2019:
    'Szomolanyi et al., Invest Radiol 54:559 (2019): gadobutrol r1 in plasma 4.78/4.97 at 1.5/3 T, in blood 3.47 L/(mmol·s) at 3 T',
  rohrer2005: 'Rohrer et al., Invest Radiol 40:715 (2005): r2 of gadobutrol in plasma 6.1/7.1 L/(mmol·s)',
  model: 'Assumption of this phantom: no measurement is claimed',
} as const;

export type ReferenceId = keyof typeof REFERENCES;
